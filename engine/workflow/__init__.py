"""The workflow engine: runs BPMN processes exactly once; knows diagrams, time and the database, nothing of disputes."""
