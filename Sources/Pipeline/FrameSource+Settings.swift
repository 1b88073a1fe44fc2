import Capture
import Configuration

extension FrameSource {
    /// Where a configured camera's frames come from.
    init(_ camera: CameraSettings) {
        let wish = DeviceWish(
            width: camera.size?.width,
            height: camera.size?.height,
            rate: camera.rate,
            format: camera.format.flatMap { PixelFormat(name: $0) }
        )
        switch camera.source {
        case .device(let path):
            self = .device(.path(path), wish)
        case .match(let card, let bus, let serial):
            self = .device(.match(DeviceMatch(card: card, bus: bus, serial: serial)), wish)
        case .file(let path, let loop):
            self = .file(path: path, loop: loop, rate: camera.playedRate, pace: Pace(camera.pace))
        case .folder(let path, let loop):
            self = .folder(path: path, loop: loop, rate: camera.playedRate, pace: Pace(camera.pace))
        case .command(let arguments):
            self = .command(arguments)
        }
    }
}

extension Pace {
    fileprivate init(_ setting: PaceSetting) {
        switch setting {
        case .real: self = .real
        case .fastest: self = .fastest
        }
    }
}
