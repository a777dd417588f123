#!/usr/bin/env python3
"""Writes the small files beside it and truth.json, with encoders that are not ours: wfdb (signals of formats 16, 24, 32, 80, 212,
annotations), soundfile (FLAC), pydicom, and for the rest the few lines below, after the WFDB Applications Guide.

    pip install wfdb pydicom soundfile numpy && python3 make.py
"""
import json, pathlib, struct, warnings
import numpy as np, pydicom, soundfile, wfdb
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
(here / "wfdb").mkdir(exist_ok=True), (here / "dicom").mkdir(exist_ok=True), (here / "csv").mkdir(exist_ok=True)
truth = []


def wave(n, top, seed):
    """Integers that use the whole range, with a beat-like shape and one missing sample where the caller wants it."""
    r = np.random.default_rng(seed)
    t = np.arange(n)
    x = 0.5 * np.exp(-(((t % 80) - 30.0) / 3) ** 2) + 0.1 * np.sin(t / 9) + r.normal(0, 0.02, n)
    x = np.round(x / np.abs(x).max() * top).astype(np.int64)
    return np.clip(x, -top, top)


def expect(file, rate, leads, marks=None, start=None, note=None):
    truth.append(dict(file=file, note=note, start=start, marks=marks,
                      signals=[dict(label=l, unit=u, rate_hz=r if r else rate,
                                    values=[None if v is None else round(float(v), 9) for v in x]) for l, u, r, x in leads]))


def physical(x, gain, base=0, missing=None):
    return [None if missing is not None and v == missing else (v - base) / gain for v in x.tolist()]


def header(name, n, rate, frames, lines, extra=""):
    (here / "wfdb" / f"{name}.hea").write_text(f"{name} {n} {rate} {frames}{extra}\n" + "\n".join(lines) + "\n")


def checksum(x):
    return int(np.int16(np.int64(x.sum()) & 0xffff if (x.sum() & 0xffff) < 0x8000 else (int(x.sum()) & 0xffff) - 0x10000))


def encode(fmt, x):
    """Stored bytes of interleaved samples."""
    u = lambda v, bits: int(v) & ((1 << bits) - 1)
    if fmt == 8:
        raise ValueError
    if fmt == 16:
        return x.astype("<i2").tobytes()
    if fmt == 61:
        return x.astype(">i2").tobytes()
    if fmt == 160:
        return (x + 32768).astype("<u2").tobytes()
    if fmt == 80:
        return (x + 128).astype("u1").tobytes()
    if fmt == 24:
        return b"".join(struct.pack("<i", int(v))[:3] for v in x)
    if fmt == 32:
        return x.astype("<i4").tobytes()
    out = bytearray()
    if fmt == 212:
        for a, b in zip(x[0::2], list(x[1::2]) + [0] * (len(x) % 2)):
            a, b = u(a, 12), u(b, 12)
            out += bytes([a & 255, a >> 8 | (b >> 8) << 4, b & 255])
        return bytes(out[: len(out) - len(x) % 2])
    padded = list(x) + [0] * (-len(x) % 3)
    for a, b, c in zip(padded[0::3], padded[1::3], padded[2::3]):
        a, b, c = u(a, 10), u(b, 10), u(c, 10)
        if fmt == 310:
            out += struct.pack("<HH", a << 1 | (c & 31) << 11, b << 1 | (c >> 5) << 11)
        else:
            out += struct.pack("<I", a | b << 10 | c << 20)
    return bytes(out)


N = 120
TOP = {8: 60, 16: 9000, 61: 9000, 160: 9000, 80: 120, 24: 900000, 32: 9000000, 212: 2000, 310: 500, 311: 500}
MISSING = {16: -32768, 61: -32768, 160: -32768, 80: -128, 24: -8388608, 32: -2147483648, 212: -2048, 310: -512, 311: -512}
for fmt, top in TOP.items():
    a, b = wave(N, top, fmt), wave(N, top, fmt + 1)
    gain = max(1, top // 2)
    if fmt in MISSING:
        b[7] = MISSING[fmt]
    name = f"fmt{fmt}"
    if fmt == 8:  # differences must fit a byte
        a, b = np.cumsum(np.clip(np.diff(a, prepend=a[0]), -127, 127)) + a[0], np.cumsum(np.clip(np.diff(b, prepend=b[0]), -127, 127)) + b[0]
        both = np.empty(2 * N, np.int64)
        both[0::2], both[1::2] = np.diff(a, prepend=a[0]), np.diff(b, prepend=b[0])
        data = both.astype("i1").tobytes()
    else:
        both = np.empty(2 * N, np.int64)
        both[0::2], both[1::2] = a, b
        data = encode(fmt, both)
    (here / "wfdb" / f"{name}.dat").write_bytes(data)
    header(name, 2, 360, N, [f"{name}.dat {fmt} {gain}(3)/mV 12 0 {a[0]} {checksum(a)} 0 MLII",
                             f"{name}.dat {fmt} {gain}(3)/mV 12 0 {b[0]} {checksum(b)} 0 V1"])
    expect(f"wfdb/{name}.hea", 360, [("MLII", "mV", None, physical(a, gain, 3)), ("V1", "mV", None, physical(b, gain, 3, MISSING.get(fmt)))])

# FLAC, three channels, in all three widths, one with two samples a frame
for fmt, top, kind in ((508, 120, "PCM_S8"), (516, 9000, "PCM_16"), (524, 900000, "PCM_24")):
    xs = [wave(N, top, fmt + i) for i in range(3)]
    shift = 32 - (fmt - 500)
    soundfile.write(here / "wfdb" / f"fmt{fmt}.flac", np.stack([(x << shift).astype(np.int32) for x in xs], 1), 96000, kind, format="FLAC")
    spf = 2 if fmt == 516 else 1
    gain = 100 * top // 9
    header(f"fmt{fmt}", 3, 250, N // spf, [f"fmt{fmt}.flac {fmt}{'x2' if spf == 2 else ''} {gain}/mV 16 0 {x[0]} {checksum(x)} 0 {l}" for x, l in zip(xs, ("I", "II", "V2"))])
    expect(f"wfdb/fmt{fmt}.hea", 250 * spf, [(l, "mV", None, physical(x, gain)) for x, l in zip(xs, ("I", "II", "V2"))])

# Several files and rates, skew, prolog, units, no gain, start time, age and sex, annotations
a, b, c, d = wave(2 * N, 9000, 1), wave(N, 2000, 2), wave(N, 2000, 3), wave(N, 9000, 4)
late = np.concatenate([[11, 12], d[:-2]])
(here / "wfdb" / "mixed_a.dat").write_bytes(b"PROLOG..." + encode(16, np.stack([a[0::2], a[1::2], late], 1).reshape(-1)))
(here / "wfdb" / "mixed_b.dat").write_bytes(encode(212, np.stack([b, c], 1).reshape(-1)))
header("mixed", 4, 250, N, ["mixed_a.dat 16x2+9 2000000/V 16 0 0 %d 0 II" % checksum(a), "mixed_a.dat 16:2+9 0/mV 16 100 0 %d 0 Lead V5" % checksum(late),
                            "mixed_b.dat 212 10(-50)/mmHg 12 0 0 %d 0 ABP" % checksum(b), "mixed_b.dat 212 0.5/uV 12 0 0 %d 0 V1" % checksum(c),
                            "# <age>: 61  <sex>: F  <diagnoses>: none"], " 23:59:58.25 29/02/2024")
expect("wfdb/mixed.hea", 250, [("II", "mV", 500, physical(a, 2000)), ("Lead V5", "mV", None, physical(d[:-2], 200, 100) + [None, None]),
                               ("ABP", "mmHg", None, physical(b, 10, -50)), ("V1", "mV", None, physical(c, 500))],
       start="2024-02-29T23:59:58.25", marks=[["atr", 5, "+", "(AFIB"], ["atr", 40, "N", None], ["atr", 119, "V", None], ["v5", 44, "t", None]])
wfdb.wrann("mixed", "atr", np.array([5, 40, 119]), ["+", "N", "V"], aux_note=["(AFIB", "", ""], write_dir=str(here / "wfdb"))
wfdb.wrann("mixed", "vfive", np.array([44]), ["t"], write_dir=str(here / "wfdb"))
(here / "wfdb" / "mixed.vfive").rename(here / "wfdb" / "mixed.v5")  # wrann allows no digits

# Variable layout: a gap, a lead that is absent, leads in another order; and a fixed layout whose segments share one file
p, q, r, s = (wave(50, 900, 20 + i) for i in range(4))
(here / "wfdb" / "var_1.dat").write_bytes(encode(16, np.stack([p, q], 1).reshape(-1)))
(here / "wfdb" / "var_2.dat").write_bytes(encode(16, r))
header("var_0", 2, 100, 0, ["~ 0 1000/mV 16 0 0 0 0 I", "~ 0 1000/mV 16 0 0 0 0 V1"])
header("var_1", 2, 100, 50, [f"var_1.dat 16 1000/mV 16 0 0 {checksum(p)} 0 V1", f"var_1.dat 16 500/mV 16 0 0 {checksum(q)} 0 I"])
header("var_2", 1, 100, 50, [f"var_2.dat 16 1000/mV 16 0 0 {checksum(r)} 0 V1"])
(here / "wfdb" / "var.hea").write_text("var/4 2 100 130\nvar_0 0\nvar_1 50\n~ 30\nvar_2 50\n")
expect("wfdb/var.hea", 100, [("I", "mV", None, physical(q, 500) + [None] * 80), ("V1", "mV", None, physical(p, 1000) + [None] * 30 + physical(r, 1000))])
(here / "wfdb" / "fix.dat").write_bytes(encode(16, np.concatenate([p, s])))
for i, x in ((1, p), (2, s)):
    header(f"fix_{i}", 1, 100, 50, [f"fix.dat 16+{100 * (i - 1)} 1000/mV 16 0 0 {checksum(x)} 0 II"])
(here / "wfdb" / "fix.hea").write_text("fix/2 1 100 100\nfix_1 50\nfix_2 50\n")
expect("wfdb/fix.hea", 100, [("II", "mV", None, physical(p, 1000) + physical(s, 1000))])


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def group(channels, rate, data, interpretation, bits, label="RHYTHM", padding=None, big=False):
    g = Dataset()
    g.WaveformOriginality = "DERIVED" if "MEDIAN" in label else "ORIGINAL"
    g.MultiplexGroupLabel, g.SamplingFrequency, g.MultiplexGroupTimeOffset = label, str(rate), "0"
    g.NumberOfWaveformChannels, g.NumberOfWaveformSamples = len(channels), data.shape[0]
    defs = []
    for value, scheme, meaning, unit, sensitivity, correction, baseline in channels:
        c = Dataset()
        c.ChannelSourceSequence = code(value, scheme, meaning)
        c.ChannelSensitivity, c.ChannelSensitivityCorrectionFactor, c.ChannelBaseline = str(sensitivity), str(correction), str(baseline)
        c.ChannelSensitivityUnitsSequence = code(unit, "UCUM", unit)
        c.FilterLowFrequency, c.FilterHighFrequency = "0.05", "150"
        defs.append(c)
    g.ChannelDefinitionSequence = Sequence(defs)
    g.WaveformBitsAllocated, g.WaveformSampleInterpretation = bits, interpretation
    order = ">" if big else "<"
    kind = {"SS": "i2", "US": "u2", "SB": "i1", "UB": "u1", "SL": "i4", "UL": "u4"}[interpretation]
    g.add_new(0x54001010, "OB" if bits == 8 else "OW", data.astype(order + kind).tobytes())
    if padding is not None:
        g.add_new(0x5400100A, "OB" if bits == 8 else "OW", np.array([padding]).astype(order + kind).tobytes())
    return g


def dicom(name, groups, syntax, implicit=False, big=False):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.9.1.2", "1.2.3.4"
    meta.TransferSyntaxUID = syntax
    d = Dataset()
    d.file_meta = meta
    d.SpecificCharacterSet = "ISO_IR 192"
    d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    d.AcquisitionDateTime = "20240229235958.25"
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex, d.PatientAge = "Müller^Zoë", "T-1", "19610203", "F", "063Y"
    d.Manufacturer, d.ManufacturerModelName = "Example", "M1"
    mark = Dataset()
    mark.TemporalRangeType, mark.ReferencedWaveformChannels, mark.ReferencedSamplePositions = "POINT", [1, 1], 41
    mark.ConceptNameCodeSequence = code("5.10.3-1", "SCPECG", "P onset")
    d.WaveformAnnotationSequence = Sequence([mark])
    d.WaveformSequence = Sequence(groups)
    d.is_little_endian, d.is_implicit_VR = not big, implicit
    d.preamble = b"\0" * 128
    d.save_as(here / "dicom" / f"{name}.dcm", enforce_file_format=True) if hasattr(pydicom, "examples") else d.save_as(here / "dicom" / f"{name}.dcm", write_like_original=False)


x, y = wave(N, 9000, 31), wave(N, 9000, 32)
both = np.stack([x, y], 1)
chans = [("5.6.3-9-1", "SCPECG", "Lead I", "uV", 2.5, 1, 0), ("2:3", "MDC", "Lead V1", "mV", 0.001, 2, 0.1)]
mark = [["dicom", 40, "P onset", None]]
start = "2024-02-29T23:59:58.25"
leads = [("Lead I", "mV", None, (x * 2.5 / 1000).tolist()), ("Lead V1", "mV", None, (y * 0.002 + 0.1).tolist())]
beat = group(chans, 500, both[:50], "SS", 16, "MEDIAN BEAT")
dicom("implicit", [group(chans, 500, both, "SS", 16), beat], "1.2.840.10008.1.2", implicit=True)
expect("dicom/implicit.dcm", 500, leads, start=start, marks=mark, note="MEDIAN BEAT")
dicom("deflated", [group(chans, 500, both, "SS", 16)], "1.2.840.10008.1.2.1.99")
expect("dicom/deflated.dcm", 500, leads, start=start, marks=mark)
dicom("bigendian", [group(chans, 500, both, "SS", 16, big=True)], "1.2.840.10008.1.2.2", big=True)
expect("dicom/bigendian.dcm", 500, leads, start=start, marks=mark)
u = both + 32768
u[3, 1] = 65535
pressure = [("109016", "DCM", "Aortic pressure", "mm[Hg]", 0.5, 1, 0)]
press = wave(N // 2, 100, 33)
dicom("groups", [group(chans, 500, u, "US", 16, padding=65535), group(pressure, 250, press[:, None], "SB", 8, "PRESSURE")], "1.2.840.10008.1.2.1")
expect("dicom/groups.dcm", 500, [("Lead I", "mV", None, ((x + 32768) * 2.5 / 1000).tolist()),
                                  ("Lead V1", "mV", None, [None if i == 3 else v for i, v in enumerate(((y + 32768) * 0.002 + 0.1).tolist())]),
                                  ("Aortic pressure", "mmHg", 250, (press * 0.5).tolist())], start=start, marks=mark, note="more than any ECG")
big = both * 50000
dicom("wide", [group(chans, 500, big, "SL", 32)], "1.2.840.10008.1.2.1")
expect("dicom/wide.dcm", 500, [("Lead I", "mV", None, (big[:, 0] * 2.5 / 1000).tolist()), ("Lead V1", "mV", None, (big[:, 1] * 0.002 + 0.1).tolist())],
       start=start, marks=mark, note="more than any ECG")
# No preamble, no meta group: implicit little endian from group 0008 on
whole = (here / "dicom" / "implicit.dcm").read_bytes()
at = 132 + 12 + struct.unpack("<I", whole[140:144])[0]
(here / "dicom" / "bare.dcm").write_bytes(whole[at:])
expect("dicom/bare.dcm", 500, leads, start=start, marks=mark, note="MEDIAN BEAT")

rows = [f"{i / 500:.3f},{x[i] / 1000},{'' if i == 4 else y[i] / 1000},{x[i]}" for i in range(N)]
(here / "csv" / "units.csv").write_text("time [s],I [mV],V1 [mV],V2 (uV)\n" + "\n".join(rows) + "\n")
expect("csv/units.csv", 500, [("I", "mV", None, (x / 1000).tolist()), ("V1", "mV", None, [None if i == 4 else v / 1000 for i, v in enumerate(y.tolist())]),
                              ("V2", "mV", None, (x / 1000).tolist())])
rows = [f"{2 * i}\t{str(x[i] / 1000).replace('.', ',')}\t{str(y[i] / 1000).replace('.', ',')}" for i in range(N)]
(here / "csv" / "comma.tsv").write_bytes("\r\n".join(["ms\taVR [mV]\tII [mV]"] + rows).encode("utf-16"))
expect("csv/comma.tsv", 500, [("aVR", "mV", None, (x / 1000).tolist()), ("II", "mV", None, (y / 1000).tolist())])

text = "[\n" + ",\n".join(json.dumps(t, separators=(",", ":")) for t in truth) + "\n]\n"
(here / "truth.json").write_text(text)
print(len(truth), "files,", len(text), "bytes of truth, largest file", max(f.stat().st_size for f in here.rglob("*.*") if f.name != "truth.json"))
