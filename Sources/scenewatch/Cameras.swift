import ArgumentParser
import Capture
import Foundation

/// `scenewatch cameras`: which cameras this machine has, and how to write them in a configuration.
struct Cameras: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the cameras of this machine, what they offer, and how to name them.",
        discussion: """
            Asks the kernel, and needs no daemon. A camera that is in use is not disturbed.
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let catalog = DeviceCatalog()
        let cameras = catalog.entries().map { ListedCamera($0) }
        if cameras.isEmpty {
            let others = catalog.nodes().count
            say(
                others == 0
                    ? "this machine has no camera: there is no node in /sys/class/video4linux"
                    : "this machine has no camera: none of its \(others) V4L2 nodes captures video"
            )
        }
        if json {
            try emit(scenewatch.json(cameras))
        } else if !cameras.isEmpty {
            try emit(cameras.map(\.text).joined(separator: "\n\n"))
        }
    }
}

/// A camera as it is listed.
private struct ListedCamera: Encodable {
    struct Holder: Encodable {
        let pid: Int32
        let command: String
    }

    struct Format: Encodable {
        let format: String
        let description: String
        let reading: String
        /// Every size that there is, or the limits.
        let sizes: [Size]?
        let steps: Steps?
    }

    struct Size: Encodable {
        let width: Int
        let height: Int
        let rates: Rates?
    }

    struct Steps: Encodable {
        let width: [String: Int]
        let height: [String: Int]
        let rates: Rates?
    }

    /// Either each rate, or the limits.
    enum Rates: Encodable {
        case each([Double])
        case between(least: Double, most: Double)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .each(let rates): try container.encode(rates)
            case .between(let least, let most): try container.encode(["least": least, "most": most])
            }
        }
    }

    let card: String
    /// What to write in the configuration.
    let device: String
    let node: String
    let driver: String
    let bus: String
    let serial: String?
    let vendor: String?
    let product: String?
    let index: Int
    let byID: [String]
    let byPath: [String]
    /// Nodes of cameras that cannot be told from this one by name.
    let identical: [String]
    let formats: [Format]
    let holders: [Holder]
    /// Whether there may be more, which only root would see.
    let areHoldersPartial: Bool
    /// Why it cannot be opened, in words.
    let problem: String?
    // For people alone.
    private let holderWords: String?
    private let lines: [String]

    private enum CodingKeys: String, CodingKey {
        case card, device, node, driver, bus, serial, vendor, product, index
        case byID = "by_id"
        case byPath = "by_path"
        case areHoldersPartial = "holders_partial"
        case identical, formats, holders, problem
    }

    init(_ entry: DeviceEntry) {
        card = entry.card
        device = entry.stablePath
        node = entry.node
        driver = entry.driver
        bus = entry.busInfo
        serial = entry.serial
        vendor = entry.usb?.vendor
        product = entry.usb?.product
        index = entry.index
        byID = entry.byID
        byPath = entry.byPath
        identical = entry.twins
        let found = DeviceHolders(of: entry.deviceNumber)
        holders = found.others.map { Holder(pid: $0.processID, command: $0.command) }
        areHoldersPartial = found.isPartial
        var offered: [OfferedFormat] = []
        var fault = entry.fault
        if let capability = entry.capability {
            do throws(VideoFault) {
                offered = try OfferedFormat.all(node: entry.node, isMultiPlanar: capability.isMultiPlanar)
            } catch {
                fault = error
            }
        }
        // Who may not see everything is told so only where somebody must be there.
        holderWords = !holders.isEmpty || fault?.code == EBUSY ? found.words : nil
        problem = fault?.explained(entry.node).reason
        formats = offered.map { Format($0) }
        lines = OfferedFormat.lines(offered)
    }

    var text: String {
        var rows = ["node \(node)"]
        if !driver.isEmpty { rows.append("driver \(driver)") }
        if !bus.isEmpty { rows.append("bus \(bus)") }
        if let serial { rows.append("serial \(serial)") }
        var text = [card.isEmpty ? node : card, "  " + rows.joined(separator: ", ")]
        if let problem { text.append("  \(problem)") }
        if let holderWords { text.append("  open in \(holderWords)") }
        if !identical.isEmpty {
            let others = identical.joined(separator: " and ")
            let path =
                byPath.isEmpty ? "no link tells them apart" : "the link below tells where this one is plugged in"
            text.append("  looks identical to \(others), with the same name in /dev/v4l/by-id: \(path)")
        }
        text += lines.map { "  \($0)" }
        text += ["  in the configuration:", "    - name: \(configurationName)", "      device: \(configurationPath)"]
        return text.joined(separator: "\n")
    }

    /// Letters, digits and dashes out of the card's name, as a camera's name may be.
    private var configurationName: String {
        let words = card.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "camera" : words.joined(separator: "-")
    }

    /// Quoted where YAML would read something else.
    private var configurationPath: String {
        let isPlain = device.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        return isPlain ? device : "'" + device.replacing("'", with: "''") + "'"
    }
}

extension ListedCamera.Format {
    fileprivate init(_ offered: OfferedFormat) {
        format = offered.pixelFormat.safeDescription
        description = offered.description
        reading = offered.reading.rawValue
        switch offered.sizes {
        case .unknown:
            (sizes, steps) = (nil, nil)
        case .discrete(let offered):
            sizes = offered.map { ListedCamera.Size(width: $0.width, height: $0.height, rates: .init($0.rates)) }
            steps = nil
        case .stepwise(let width, let height, let rates):
            sizes = nil
            steps = ListedCamera.Steps(width: width.limits, height: height.limits, rates: .init(rates))
        }
    }
}

extension OfferedFormat.Steps {
    fileprivate var limits: [String: Int] { ["least": least, "most": most, "step": step] }
}

extension ListedCamera.Rates {
    fileprivate init?(_ rates: OfferedFormat.Rates) {
        switch rates {
        case .unknown: return nil
        case .discrete(let rates): self = .each(rates)
        case .range(let range): self = .between(least: range.lowerBound, most: range.upperBound)
        }
    }
}
