"""The studio (流程工坊): administrators read, change and deploy processes, tables and forms."""

from engine.studio.access import require

__all__ = ["require"]
