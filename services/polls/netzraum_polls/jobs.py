"""What polls does later."""

from netzraum_items.timed import ITEM_JOBS
from netzraum_items.traces import APPEAR, ERASE
from netzraum_platform.jobs import JobHandler
from netzraum_polls.polls import closing, opening, reminders

JOBS: dict[str, JobHandler] = {
    **ITEM_JOBS,
    APPEAR: opening.appear,
    ERASE: closing.erase_due,
    opening.CLOSE: closing.close_due,
    opening.REMIND: reminders.remind_due,
}
