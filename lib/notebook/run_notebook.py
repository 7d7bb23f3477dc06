"""Runs a notebook on its kernel and tells on standard output, one JSON line a cell, what each cell put out.

usage: python run_notebook.py NOTEBOOK OUT TIMEOUT_SECONDS ALLOW_ERRORS(0|1)

OUT gets the executed notebook; "-" writes none. Exit code 0 even when cells fail: that is in the lines.
"""

import asyncio
import json
import os
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError

SILENCE = 0.3


class DrainingClient(NotebookClient):
    """A client that listens on after the kernel went idle, since the Deno kernel may send outputs late."""

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        idle = False
        while True:
            try:
                message = await asyncio.wait_for(
                    self.kc.iopub_channel.get_msg(timeout=None), timeout=SILENCE if idle else None
                )
            except asyncio.TimeoutError:
                return
            if message["parent_header"].get("msg_id") != parent_msg_id:
                continue
            try:
                self.process_message(message, cell, cell_index)
            except CellExecutionComplete:
                idle = True


def tell(record):
    print(json.dumps(record), flush=True)


def describe(index, cell, seconds):
    outputs = []
    error = None
    for output in cell.get("outputs", []):
        kind = output["output_type"]
        if kind == "stream":
            outputs.append({"mimeTypes": ["stream/" + output["name"]], "text": output["text"]})
        elif kind == "error":
            error = {"name": output["ename"], "message": output["evalue"], "traceback": "\n".join(output["traceback"])}
        else:
            outputs.append({"mimeTypes": sorted(output["data"]), "text": output["data"].get("text/plain", "")})
    tell({"cell": index, "seconds": seconds, "outputs": outputs, "error": error})


async def run(source, out, timeout, allow_errors):
    notebook = nbformat.read(source, as_version=4)
    folder = os.path.dirname(os.path.abspath(source))
    client = DrainingClient(
        notebook,
        timeout=timeout,
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name", "deno"),
        allow_errors=allow_errors,
        resources={"metadata": {"path": folder}},
        iopub_timeout=30,
    )
    failed = None
    async with client.async_setup_kernel():
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            start = time.monotonic()
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError:
                failed = "error"
            except CellTimeoutError:
                failed = "timeout"
            except DeadKernelError:
                failed = "dead"
            describe(index, cell, round(time.monotonic() - start, 3))
            if failed:
                break
    if out != "-":
        part = out + ".part"
        nbformat.write(notebook, part)
        os.replace(part, out)
    tell({"end": failed or "done"})


if __name__ == "__main__":
    source, out, timeout, allow_errors = sys.argv[1:5]
    asyncio.run(run(source, out, int(timeout), allow_errors == "1"))
