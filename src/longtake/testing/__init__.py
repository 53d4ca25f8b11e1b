"""For tests of programs that use longtake: a clock turned by hand, a queue run to its end, a contract for stores.

A queue for a test is `JobQueue(mode="inline", store=MemoryStore(), clock=FakeClock())`.
"""

from longtake.testing.clock import START, FakeClock
from longtake.testing.idle import run_until_idle
from longtake.testing.store_contract import StoreContract

__all__ = ["START", "FakeClock", "StoreContract", "run_until_idle"]
