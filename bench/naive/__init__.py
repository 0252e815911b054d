"""What one would write first: Flask, SpiffWorkflow, its serializer in a row a step. No permissions, forms or history.

It stands here to be measured beside the product; nobody should run it for anything else.
"""
