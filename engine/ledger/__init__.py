"""The ledger 台账: views and exports of cases, read-only."""
