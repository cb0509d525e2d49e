"""What content does later."""

from netzraum_content.wiki import editing
from netzraum_content.wiki.importing import take
from netzraum_content.wiki.models import WikiPage
from netzraum_items.imports import import_jobs
from netzraum_items.timed import ITEM_JOBS
from netzraum_platform.jobs import JobHandler

JOBS: dict[str, JobHandler] = {**ITEM_JOBS, **import_jobs(WikiPage, take), editing.FADE: editing.fade}
