from offboarding.models.endings import Ending, HandoverLink, HandoverTick, Override, ReportLink

__all__ = ["Ending", "HandoverLink", "HandoverTick", "Override", "ReportLink"]
