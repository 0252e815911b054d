"""Rewards (奖励): what the towns' rules gave for verified usefulness, in a ledger that only grows."""
