from tests.counter.retention.conftest import clock, lapsed, peter

__all__ = ["clock", "lapsed", "peter"]
