import Configuration
import Testing

@Suite struct DaemonProblemTests {
    private static let cameras = "cameras: [{name: door, device: /dev/video0}]"

    @Test(arguments: [
        Wrong(cameras, "1:1: the key `model` is missing"),
        Wrong("model:\n\(cameras)", "1:1: `model` has no value"),
        Wrong("model: m\n\(cameras)", "1:8: `model` must be a mapping of keys to values, not text"),
        Wrong("model: {}\n\(cameras)", "1:8: the key `use` is missing"),
        Wrong("model: {use: }\n\(cameras)", "1:9: `use` has no value"),
        Wrong("model: {use: [m]}\n\(cameras)", "1:14: `use` must be text, not a list"),
        Wrong(
            "model: {use: models/s0.onnx}\n\(cameras)",
            "1:14: `use` must be a file that ends in .safetensors or .pt, or the name of a model, not `models/s0.onnx`"
        ),
        Wrong("model: {use: ~/s0.pt}\n\(cameras)", "1:14: `use`: `~` is not expanded; write the folder out"),
        Wrong("model: {use: m, precision: f16}\n\(cameras)", "1:28: `precision` must be `auto` or `f32`, not `f16`"),
        Wrong(
            "model: {use: m, precison: f32}\n\(cameras)",
            "1:17: unknown key `precison` in `model`; did you mean `precision`?"
        ),
        Wrong(
            "model: {use: m, gpu: on}\n\(cameras)",
            "1:17: unknown key `gpu` in `model`; there are `use` and `precision`"
        ),
    ])
    func model(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.top("socket: /run/s", "3:9: `socket` must be a mapping of keys to values, not text"),
        .top("socket: {path: }", "3:10: `path` has no value"),
        .top("socket: {path: ''}", "3:16: `path` is empty"),
        .top("socket: {path: ~/s}", "3:16: `path`: `~` is not expanded; write the folder out"),
        .top(
            "socket: {path: /\(String(repeating: "é", count: 53))x}",
            "3:16: `path`: a socket's path has at most 107 bytes, and `/\(String(repeating: "é", count: 53))x` has 108"
        ),
        .top("socket: {mode: 0660}", "3:16: `mode` must be between quotes, as in \"0660\", not `0660`"),
        .top("socket: {mode: 432}", "3:16: `mode` must be between quotes, as in \"0660\", not `432`"),
        .top(
            "socket: {mode: '66'}",
            "3:16: `mode` must be three octal digits after an optional 0, as in \"0660\", not `66`"
        ),
        .top(
            "socket: {mode: '0689'}",
            "3:16: `mode` must be three octal digits after an optional 0, as in \"0660\", not `0689`"
        ),
        .top(
            "socket: {mode: '1777'}",
            "3:16: `mode` must be three octal digits after an optional 0, as in \"0660\", not `1777`"
        ),
        .top(
            "socket: {mode: '+660'}",
            "3:16: `mode` must be three octal digits after an optional 0, as in \"0660\", not `+660`"
        ),
        .top("socket: {mode: []}", "3:16: `mode` must be text such as \"0660\", not a list"),
        .top("socket: {owner: me}", "3:10: unknown key `owner` in `socket`; there are `path`, `mode` and `operators`"),
    ])
    func socket(_ wrong: Wrong) { wrong.check() }

    @Test(arguments: [
        Wrong.top("journal: []", "3:10: `journal` must be a mapping of keys to values, not a list"),
        .top("journal: {path: [a]}", "3:17: `path` must be text, not a list"),
        .top("batch: {size: 0}", "3:15: `size` must be from 1 to 64, not `0`"),
        .top("batch: {size: 65}", "3:15: `size` must be from 1 to 64, not `65`"),
        .top("batch: {size: 8.5}", "3:15: `size` must be a whole number, not `8.5`"),
        .top("batch: {size: 1e30}", "3:15: `size` must be a whole number, not `1e30`"),
        .top("batch: {size: many}", "3:15: `size` must be a number, not `many`"),
        .top("batch: {size: 0x10}", "3:15: `size` must be a number, not `0x10`"),
        .top("batch: {wait: 10}", "3:15: `wait`: `10` needs a unit: ms, s, m, h or d, as in `2s`"),
        .top("batch: {wait: 30s}", "3:15: `wait` must be at most 1s, not `30s`"),
        .top("batch: {weight: 10ms}", "3:9: unknown key `weight` in `batch`; there are `size` and `wait`"),
        .top("camera: []", "3:1: unknown key `camera`; did you mean `cameras`?"),
        .top(
            "schedule: []",
            "3:1: unknown key `schedule`; there are `model`, `cameras`, `triggers`, `describe`, `socket`, `journal` "
                + "and `batch`"
        ),
    ])
    func others(_ wrong: Wrong) { wrong.check() }
}
