"""Races of a program in the text of device commands, found in another way than rblnc does: each outcome of its branches is
walked by itself, and whole buffers and registers are compared instead of bytes. Arguments are left out, whose parts
queues touch without order."""
import re

QUEUE = re.compile(r"npu\.(\w+) <(\w+ \d+)>")
BUFFER = re.compile(r'(%\d+) = npu\.buffer "[^"]*" (\w+) (\d+) bytes (\d+) at (\d+)')


class Program:
    """The commands of each queue: ("signal", semaphore), ("wait", semaphore, count), ("skip", register, when zero, count), or
    any other kind with the names of what it reads and what it writes."""

    def __init__(self, text):
        self.buffers, self.queues = {}, {}
        for line in text.splitlines():
            if match := BUFFER.search(line):
                name, space, unit, size, at = match.groups()
                self.buffers[name] = (space + unit, int(at), int(at) + int(size))
            elif (match := QUEUE.search(line)) and "=" not in line.split("npu.")[0]:
                kind, queue = match.groups()
                self.queues.setdefault(queue, []).append(self.command(kind, line[match.end():]))

    def register(self, number):
        """Its name; registers are bytes of a memory of their own."""
        self.buffers[f"r{number}"] = ("registers", int(number), int(number) + 1)
        return f"r{number}"

    def command(self, kind, rest):
        rest = rest.split(" loc(")[0]
        numbers = [int(n) for n in re.findall(r"\b\d+\b", rest)]
        if kind == "signal":
            return kind, numbers[0]
        if kind == "wait":
            return kind, numbers[0], numbers[1]
        if kind == "skip":
            return kind, numbers[0], "when_zero" in rest, numbers[1]
        used = [self.register(n) for group in re.findall(r"registers ?\[([^]]*)\]", rest) for n in re.findall(r"\d+", group)]
        used += [self.register(n) for n in re.findall(r"reg = (\d+)", rest)]
        if kind == "load_scalar":
            return kind, used + self.buffered(rest), [self.register(numbers[0])]
        if kind == "vector":
            read, written = (re.search(rf"{word}\(([^)]*)\)", rest) for word in ("ins", "outs"))
            return kind, self.buffered(read.group(1) if read else ""), self.buffered(written.group(1))
        read, written = rest.split(" to ")
        return kind, used + self.buffered(read), self.buffered(written)

    def buffered(self, text):
        return [name for name in re.findall(r"%\d+", text) if name in self.buffers]

    def tested(self):
        return sorted({c[1] for commands in self.queues.values() for c in commands if c[0] == "skip"})

    def races(self, zero):
        """Pairs of commands without order, when the registers in `zero` are zero and the others are not."""
        names = list(self.queues)
        at = dict.fromkeys(names, 0)
        clock = {q: dict.fromkeys(names, 0) for q in names}
        signals, touched, found = {}, {}, []
        moved = True
        while moved:
            moved = False
            for q in names:
                while at[q] < len(self.queues[q]):
                    kind, *rest = self.queues[q][at[q]]
                    if kind == "wait":
                        sent = signals.get(rest[0], [])
                        if len(sent) < rest[1]:
                            break
                        if rest[1]:
                            senders = {s for s, _ in sent}
                            assert len(senders) == 1
                            clock[q] = {p: max(clock[q][p], sent[rest[1] - 1][1][p]) for p in names}
                    at[q] += 1
                    moved = True
                    clock[q][q] = at[q]
                    if kind == "signal":
                        signals.setdefault(rest[0], []).append((q, dict(clock[q])))
                    elif kind != "wait":
                        read, written = ([self.register(rest[0])], []) if kind == "skip" else rest
                        for name, writes in [(n, False) for n in read] + [(n, True) for n in written]:
                            space, first, end = self.buffers[name]
                            for other, position, begin, stop, wrote in touched.setdefault(space, []):
                                if other != q and (writes or wrote) and begin < end and first < stop and \
                                        clock[q][other] < position:
                                    found.append((other, position - 1, q, at[q] - 1))
                            touched[space].append((q, at[q], first, end, writes))
                        if kind == "skip" and (rest[0] in zero) == rest[1]:
                            at[q] += rest[2]
        assert all(at[q] == len(self.queues[q]) for q in names), "stuck"
        return found
