import Configuration
import Testing

@Suite struct CameraProblemTests {
    @Test(arguments: [
        Wrong("model: {use: m}", "1:1: the key `cameras` is missing"),
        Wrong("model: {use: m}\ncameras:", "2:1: `cameras` has no value"),
        Wrong("model: {use: m}\ncameras: []", "2:10: `cameras` is empty; there must be at least one"),
        Wrong("model: {use: m}\ncameras: door", "2:10: `cameras` must be a list, not `door`"),
        Wrong("model: {use: m}\ncameras:\n  name: door", "3:3: `cameras` must be a list, not a mapping"),
        Wrong("model: {use: m}\ncameras:\n  - door", "3:5: a camera must be a mapping of keys to values, not text"),
        Wrong("model: {use: m}\ncameras: [[]]", "2:11: a camera must be a mapping of keys to values, not a list"),
    ])
    func list(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong("model: {use: m}\ncameras:\n  - device: /dev/video0", "3:5: the key `name` is missing"),
        Wrong("model: {use: m}\ncameras:\n  - {name: , file: a}", "3:6: `name` has no value"),
        Wrong("model: {use: m}\ncameras:\n  - {name: ~, file: a}", "3:6: `name` has no value"),
        Wrong("model: {use: m}\ncameras:\n  - {name: [a], file: a}", "3:12: `name` must be text, not a list"),
        Wrong(
            "model: {use: m}\ncameras:\n  - {name: 'front door', file: a}",
            "3:12: the name `front door` is not allowed: it must be a letter or digit, then up to 63 letters, digits, "
                + "`.`, `_` or `-`"
        ),
        Wrong(
            "model: {use: m}\ncameras:\n  - {name: tür, file: a}",
            "3:12: the name `tür` is not allowed: it must be a letter or digit, then up to 63 letters, digits, "
                + "`.`, `_` or `-`"
        ),
        Wrong(
            "model: {use: m}\ncameras:\n  - {name: \(String(repeating: "a", count: 65)), file: a}",
            "3:12: the name `\(String(repeating: "a", count: 60))…` is not allowed: it must be a letter or digit, "
                + "then up to 63 letters, digits, `.`, `_` or `-`"
        ),
        Wrong(
            "model: {use: m}\ncameras:\n  - {name: a, file: a}\n  - {name: b, file: a}\n  - {name: a, file: b}",
            "5:12: the name `a` already belongs to the camera at line 3"
        ),
    ])
    func name(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.source("look: 1/s", "3:5: a camera needs one of `device`, `match`, `file`, `folder` or `command`"),
        .source(
            "device: /dev/video0\n    file: a\n    command: [b]",
            "5:5: a camera has one source, and this one has `device` already",
            "6:5: a camera has one source, and this one has `device` already"
        ),
        .source("device:", "4:5: `device` has no value"),
        .source("device: video0", "4:13: `device` must be an absolute path, such as `/dev/video0`, not `video0`"),
        .source("device: 0", "4:13: `device` must be an absolute path, such as `/dev/video0`, not `0`"),
        .source("device: ''", "4:13: `device` is empty"),
        .source(
            "device: rtsp://10.0.0.7/1",
            "4:13: `device` must be a path; for a URL use `command` with a program that writes JPEG, such as ffmpeg, "
                + "not `rtsp://10.0.0.7/1`"
        ),
        .source("file: ~/clip.mjpeg", "4:11: `file`: `~` is not expanded; write the folder out"),
        .source("file: \"a\\0b\"", "4:11: `file` has a NUL character in it"),
        .source(
            "folder: {a: b}",
            "4:13: `folder` must be text, not a mapping; put text with a `: ` in it between quotes"
        ),
        .source(
            "command: ffmpeg -i x",
            "4:14: `command` must be a list of a program and its arguments; there is no shell, not `ffmpeg -i x`"
        ),
        .source("command: []", "4:14: `command` is empty"),
        .source("command: ['', a]", "4:14: the program of `command` is empty"),
        .source("command: [~/grab]", "4:14: `command`: `~` is not expanded; write the folder out"),
        .source(
            "command: [ffmpeg, [a], ~]",
            "4:23: an item of `command` must be text, not a list",
            "4:28: an item of `command` has no value; put it between quotes if it is meant as text"
        ),
    ])
    func source(_ wrong: Wrong) { wrong.check() }

    @Test func sameDevice() {
        let yaml = """
            model: {use: m}
            cameras:
              - {name: a, device: /dev/video0}
              - {name: b, device: /dev/video1}
              - {name: c, device: /dev/video0}
            """
        #expect(problemsOf(yaml) == ["5:23: `/dev/video0` is already the device of camera `a` at line 3"])
    }

    @Test(arguments: [
        Wrong.device("loop: true", "5:5: `loop` is for `file` and `folder`; a device has no end"),
        .command("loop: true", "5:5: `loop` is for `file` and `folder`; a command can repeat by itself"),
        .file("loop: yes", "5:11: `loop` must be `true` or `false`, not `yes`"),
        .file("loop: 'true'", "5:11: `loop` must be `true` or `false`, without quotes, not `true`"),
        .file("loop: []", "5:11: `loop` must be `true` or `false`, not a list"),
        .file("loop:", "5:5: `loop` has no value"),
        .device(
            "format: YUYV2",
            "5:13: `format` must be the four characters of a pixel format, such as `YUYV` or `MJPG`, not `YUYV2`"
        ),
        .file("format: YUYV", "5:5: `format` is for `device` and `match`; other sources give JPEG"),
        .file("frozen-after: 1s", "5:5: `frozen-after` is for live sources; a recording may show the same for long"),
        .file(
            "lost-after: soon",
            "5:17: `lost-after`: `soon` is not a duration such as `500ms`, `2s`, `5m`, `12h` or `7d`"
        ),
        .file(
            "lost-after: never",
            "5:17: `lost-after`: `never` is not a duration such as `500ms`, `2s`, `5m`, `12h` or `7d`"
        ),
        .device("frozen-after: 0s", "5:19: `frozen-after` must be at least 1s, or `never`, not `0s`"),
        .file("blind-after: 999ms", "5:18: `blind-after` must be at least 1s, or `never`, not `999ms`"),
        .file("refresh: 0s", "5:14: `refresh` must be from 1s to 1h, not `0s`"),
        .file("reuse: sometimes", "5:12: `reuse` must be `true` or `false`, not `sometimes`"),
        .source("match: C920", "4:12: `match` must be a mapping of keys to values, not text"),
        .source("match: {}", "4:5: `match` needs at least one of `card`, `bus` or `serial`"),
        .source(
            "match: { name: x, card: y }",
            "4:14: unknown key `name` in `match`; there are `card`, `bus` and `serial`"
        ),
        .source(
            "match: { card: '' }",
            "4:5: `match` needs at least one of `card`, `bus` or `serial`",
            "4:20: `card` is empty"
        ),
        .file("size: 640x480", "5:5: `size` is for `device` and `match`; files have the size they have"),
        .command("size: 640x480", "5:5: `size` is for `device` and `match`; a command sets its own size"),
        .device("size: 640", "5:11: `size` must be a width and a height, such as `1280x720`, not `640`"),
        .device("size: 640×480", "5:11: `size` must be a width and a height, such as `1280x720`, not `640×480`"),
        .device("size: [640, 480]", "5:11: `size` must be text, not a list"),
        .device("size: 15x480", "5:11: `size` must be from 16x16 to 16384x16384, not `15x480`"),
        .device("size: 640x16385", "5:11: `size` must be from 16x16 to 16384x16384, not `640x16385`"),
        .device(
            "size: 99999999999999999999x480",
            "5:11: `size` must be from 16x16 to 16384x16384, not `99999999999999999999x480`"
        ),
        .device("rate: fast", "5:11: `rate` must be a number, not `fast`"),
        .device("rate: '15'", "5:11: `rate` must be a number, without quotes, not `15`"),
        .device("rate: .nan", "5:11: `rate` must be a number, not `.nan`"),
        .device("rate: nan", "5:11: `rate` must be a number, not `nan`"),
        .device("rate: .inf", "5:11: `rate` must be a number, not `.inf`"),
        .device("rate: 1e999", "5:11: `rate` must be a number, not `1e999`"),
        .device("rate: 0", "5:11: `rate` must be 0.001 to 240 frames a second, not `0`"),
        .device("rate: 0.0005", "5:11: `rate` must be 0.001 to 240 frames a second, not `0.0005`"),
        .device("rate: -5", "5:11: `rate` must be 0.001 to 240 frames a second, not `-5`"),
        .file("rate: 240.5", "5:11: `rate` must be 0.001 to 240 frames a second, not `240.5`"),
        .command("rate: 5", "5:5: `rate` is not for `command`, which sets its own pace"),
        .device("pace: fastest", "5:5: `pace` is for `file` and `folder`; a device knows one pace only"),
        .command("pace: real", "5:5: `pace` is for `file` and `folder`; a command sets its own pace"),
        .file("pace: fast", "5:11: `pace` must be `real` or `fastest`, not `fast`"),
        .file(
            "pace: fastest\n    loop: true",
            "6:5: `loop` does not go with `pace: fastest`: it would never come to an end"
        ),
        .device("look: 4", "5:11: `look`: `4` is not a rate such as `4/s`, `10/min` or `6/h`"),
        .device("look: 4/sec", "5:11: `look`: `4/sec` is not a rate such as `4/s`, `10/min` or `6/h`"),
        .device("look: 0/s", "5:11: `look`: a rate of looks must be above 0"),
        .device("look: 61/s", "5:11: `look`: a rate of looks is at most 60/s"),
        .device("look: 0.00001/h", "5:11: `look`: a rate of looks is at least one in 365 days"),
        .device("view: regions", "5:11: `view` must be `center`, `full` or a mapping with `regions`, not `regions`"),
        .device("view: {}", "5:11: the key `regions` is missing"),
    ])
    func other(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.device("lok: 4/s", "5:5: unknown key `lok` in a camera; did you mean `look`?"),
        .device("Rate: 4", "5:5: unknown key `Rate` in a camera; did you mean `rate`?"),
        .device(
            "resolution: 640x480",
            "5:5: unknown key `resolution` in a camera"
        ),
        .device("<<: {rate: 4}", "5:5: merging mappings with `<<` is not understood; write the keys out"),
        .device("'': 1", "5:5: a key is empty"),
    ])
    func key(_ wrong: Wrong) { wrong.check() }
}
