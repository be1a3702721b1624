from offboarding.models.endings import Ending, HandoverLink, HandoverTick, Override

__all__ = ["Ending", "HandoverLink", "HandoverTick", "Override"]
