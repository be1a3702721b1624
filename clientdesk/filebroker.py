"""Kombu's file transport, with messages that appear whole.

Kombu opens the final file and then writes it; a worker that polls in between takes an empty
message and dies of it. Here the file is written aside and renamed into the queue.
"""

import os
import uuid
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # The types of kombu name this argument differently in the two classes above.
    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        # The name is kombu's: its readers sort by time and split the queue's name off the end.
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        aside = os.path.join(self.control_folder, f"{name}.part")
        with open(aside, "w", encoding="utf-8") as file:
            file.write(dumps(payload))
        os.rename(aside, os.path.join(self.data_folder_out, name))


class Transport(filesystem.Transport):
    Channel = Channel
