"""What polls does later."""

from netzraum_items.timed import ITEM_JOBS
from netzraum_items.traces import APPEAR
from netzraum_platform.jobs import JobHandler
from netzraum_polls.polls import opening

JOBS: dict[str, JobHandler] = {**ITEM_JOBS, APPEAR: opening.appear}
