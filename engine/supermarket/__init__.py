"""The mediation supermarket (无忧调解超市): who mediates here, choosing, conflicts of interest, queue, appointments."""
