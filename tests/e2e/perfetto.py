"""Reads what `rblnc run --trace` writes: protobuf by its wire format, with the field numbers of protos/perfetto/trace in
https://github.com/google/perfetto. Independent of the writer."""
import collections

Slice = collections.namedtuple("Slice", "track name begin end arguments categories flows ends")

SLICE_BEGIN, SLICE_END, COUNTER = 1, 2, 4


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a message: a list of values for each number; numbers as int, everything with a length as bytes."""
    result, at = collections.defaultdict(list), 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 1:
            value, at = int.from_bytes(data[at:at + 8], "little"), at + 8
        elif key & 7 == 2:
            length, at = varint(data, at)
            assert at + length <= len(data), "a length beyond the end"
            value, at = data[at:at + length], at + length
        else:
            raise AssertionError(f"wire type {key & 7}")
        result[key >> 3].append(value)
    return result


def text(message, number):
    return message[number][0].decode() if number in message else ""


class Trace:
    """processes: names. tracks: uuid to name. counters: name to [(ns, value)]. slices: in the file's order."""

    def __init__(self, data):
        self.processes, self.tracks, self.counters, self.slices = [], {}, {}, []
        counter_of, is_open = {}, {}
        for packet in map(fields, fields(data)[1]):
            assert packet[10] == [1], "every packet is of one sequence"
            if 60 in packet:
                self.add_track(fields(packet[60][0]), counter_of)
                continue
            event, time = fields(packet[11][0]), packet[8][0]
            track, kind = event[11][0], event[9][0]
            if kind == COUNTER:
                self.counters[counter_of[track]].append((time, event[30][0]))
            elif kind == SLICE_BEGIN:
                assert track not in is_open, "slices of a track follow one another"
                is_open[track] = (time, event)
            else:
                assert kind == SLICE_END
                begin, event = is_open.pop(track)
                self.slices.append(Slice(self.tracks[track], text(event, 23), begin, time, arguments(event), text(event, 22),
                                         event[47], event[48]))
        assert not is_open, "every slice ends"

    def add_track(self, descriptor, counter_of):
        uuid = descriptor[1][0]
        assert uuid not in self.tracks
        self.tracks[uuid] = text(descriptor, 2)
        if 3 in descriptor:
            self.processes.append(text(fields(descriptor[3][0]), 6))
            return
        assert descriptor[5][0] in self.tracks, "a parent comes first"
        if 8 in descriptor:
            assert fields(descriptor[8][0])[3] == [3], "bytes"
            counter_of[uuid] = self.tracks[uuid]
            self.counters[self.tracks[uuid]] = []


def arguments(event):
    result = {}
    for annotation in map(fields, event[4]):
        if 12 in annotation:
            value = [text(fields(element), 6) for element in annotation[12]]
        else:
            value = text(annotation, 6) if 6 in annotation else annotation[3][0]
        result[text(annotation, 10)] = value
    return result
