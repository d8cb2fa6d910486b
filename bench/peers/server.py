"""pushforward, as a process that answers requests."""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np


class Server:
    """A request is a line of JSON, and so is its answer; arrays go through files."""

    def __init__(self, path):
        env = dict(os.environ, GOMAXPROCS="1")
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.folder = tempfile.TemporaryDirectory()
        self.files = 0

    def file(self, suffix):
        self.files += 1
        return os.path.join(self.folder.name, f"{self.files}{suffix}")

    def save(self, array):
        path = self.file(".npy")
        np.save(path, np.ascontiguousarray(array, dtype=np.float64))
        return path

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the server ended")
        return json.loads(line)
