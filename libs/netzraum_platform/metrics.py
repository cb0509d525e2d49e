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
