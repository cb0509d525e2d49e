"""The metrics of every service, in the words of Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

HTTP_SECONDS = Histogram(
    "netzraum_http_seconds",
    "Time to answer a request",
    ["service", "method", "route", "status"],
)
OUTBOX_LAG = Gauge(
    "netzraum_outbox_lag_seconds",
    "Age of the oldest event that is not published",
    ["service"],
)
HANDLED = Counter("netzraum_events_handled_total", "Events handled", ["queue", "type", "outcome"])
HANDLING_SECONDS = Histogram("netzraum_event_seconds", "Time to handle an event", ["queue", "type"])
DEAD_EVENTS = Gauge("netzraum_dead_events", "Events that a handler gave up on", ["queue"])
DEAD_LETTERS = Counter("netzraum_dead_letters_total", "Messages that are no event of ours", ["queue"])
KEPT_ASIDE = Gauge("netzraum_kept_aside_events", "Messages in the broker's queues that nobody hears", ["queue"])
DEAD_JOBS = Gauge("netzraum_dead_jobs", "Jobs that were given up on", ["service"])
JOBS = Counter("netzraum_jobs_total", "Jobs run", ["service", "kind", "outcome"])
DECISIONS = Counter(
    "netzraum_decisions_total",
    "Policy decisions",
    ["service", "entrypoint", "allowed", "reason"],
)
DECISION_SECONDS = Histogram(
    "netzraum_decision_seconds",
    "Time of one policy question",
    ["service", "entrypoint"],
    buckets=(0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
)
ACCESS_AGE = Gauge("netzraum_access_age_seconds", "Age of the access data", ["service"])
POLICY_INFO = Gauge("netzraum_policy_info", "The policy revision in force is 1", ["service", "revision"])

_shown_policies: dict[str, str] = {}


def show_policy(service: str, revision: str) -> None:
    """Let the revision that is in force be the only one that is shown."""
    shown = _shown_policies.get(service)
    if shown is not None and shown != revision:
        POLICY_INFO.remove(service, shown)
    _shown_policies[service] = revision
    POLICY_INFO.labels(service, revision).set(1)
