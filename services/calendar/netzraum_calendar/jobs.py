"""What calendar does later."""

from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import EXTEND, extend
from netzraum_calendar.events.reminders import REMIND, remind
from netzraum_calendar.events.taking_over import take_over
from netzraum_items.imports import import_jobs
from netzraum_items.timed import ITEM_JOBS
from netzraum_platform.jobs import JobHandler

JOBS: dict[str, JobHandler] = {**ITEM_JOBS, EXTEND: extend, REMIND: remind, **import_jobs(Event, take_over)}
