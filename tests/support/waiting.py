"""Who waits for a lock in this test's database; another one of the server is another test's."""

WAITING = (
    "select count(*) from pg_stat_activity "
    "where datname = current_database() and wait_event_type = 'Lock'"
)
