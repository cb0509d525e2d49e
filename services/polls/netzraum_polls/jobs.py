"""What polls does later."""

from netzraum_items.timed import ITEM_JOBS
from netzraum_items.traces import APPEAR, ERASE
from netzraum_platform.jobs import JobHandler
from netzraum_polls.polls import closing, key_loss, opening, reminders

JOBS: dict[str, JobHandler] = {
    **ITEM_JOBS,
    APPEAR: opening.appear,
    ERASE: closing.erase_due,
    key_loss.CHECK_KEY: key_loss.check_key,
    opening.CLOSE: closing.close_due,
    opening.REMIND: reminders.remind_due,
}
