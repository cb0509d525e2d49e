"""What content does later."""

from netzraum_content.wiki import editing
from netzraum_items.timed import ITEM_JOBS
from netzraum_platform.jobs import JobHandler

JOBS: dict[str, JobHandler] = {**ITEM_JOBS, editing.FADE: editing.fade}
