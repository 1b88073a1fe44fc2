import Capture
import Configuration

extension FrameSource {
    /// Where a configured camera's frames come from.
    init(_ camera: CameraSettings) {
        switch camera.source {
        case .device(let path):
            self = .device(path: path, width: camera.size?.width, height: camera.size?.height, rate: camera.rate)
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
