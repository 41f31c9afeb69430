"""Python's collector of garbage stops every thread while it looks at all there is.

What Django, the templates and the translations built stays until the end, and is most of it: 75 ms
for each full collection. Set aside, it is not looked at again.
"""

import asyncio
import gc

WARM_SECONDS = 60.0  # the first visitors have had templates and addresses loaded by then


async def settle() -> None:
    """Set aside what was built, at the start and once more when the service is warm."""
    _set_aside()
    await asyncio.sleep(WARM_SECONDS)
    _set_aside()


def _set_aside() -> None:
    gc.collect()
    gc.freeze()
