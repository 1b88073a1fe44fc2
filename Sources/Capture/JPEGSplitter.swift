import Foundation

/// Cuts a stream of bytes into JPEG pictures, in whatever pieces the bytes come.
///
/// It follows the markers (ITU-T T.81, annex B): a segment is skipped by its length, so that a thumbnail within an APP
/// segment is not mistaken for a picture, and a scan is searched for the next marker that is neither a stuffed byte nor
/// a restart. Between pictures, padding (0x00, 0xFF) and text (the headers of multipart HTTP) are passed over silently;
/// other bytes, and pictures that break off or break the rules, are counted, and the next SOI marker starts anew.
///
/// ```swift
/// while offset < count {
///     offset += splitter.feed(bytes[offset...])
///     if splitter.isComplete { splitter.take(into: &picture) }
/// }
/// ```
package struct JPEGSplitter {
    private enum State {
        /// Between pictures; the flag says that the last byte was 0xFF.
        case gap(afterFF: Bool)
        /// Before a segment, where only a marker may stand.
        case marker
        /// After a marker's 0xFF, of which there may be several.
        case markerCode
        case lengthHigh(marker: UInt8)
        case lengthLow(marker: UInt8, high: UInt8)
        case segment(marker: UInt8, remaining: Int)
        case scan
        /// After 0xFF within a scan.
        case scanMarker
        case complete
    }

    /// Markers by their second byte.
    private enum Marker {
        static let temporary: UInt8 = 0x01
        static let restarts: ClosedRange<UInt8> = 0xD0...0xD7
        static let startOfImage: UInt8 = 0xD8
        static let endOfImage: UInt8 = 0xD9
        static let startOfScan: UInt8 = 0xDA
        /// SOF, DHT, DAC, and from DA on SOS, DQT, DNL, DRI, DHP, EXP and APP0…15; the others are reserved.
        static func hasSegment(_ code: UInt8) -> Bool {
            (0xC0...0xCF).contains(code) && code != 0xC8 || (0xDA...0xEF).contains(code) || code == 0xFE
        }
    }

    private let limit: Int
    private var state = State.gap(afterFF: false)
    private var picture: [UInt8] = []
    private var hasScan = false
    /// The bytes up to the next picture belong to something that was counted already.
    private var gapIsCounted = false

    /// Pictures that broke off, broke the rules or were too large, and stretches of garbage between pictures.
    package private(set) var corrupt: UInt64 = 0

    /// - Parameter limit: A picture of more bytes than this is dropped.
    package init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    /// Whether a picture is ready to be taken.
    package var isComplete: Bool {
        if case .complete = state { true } else { false }
    }

    /// Consumes bytes up to the end of a picture, or all of them.
    ///
    /// A complete picture that was not taken is lost.
    ///
    /// - Returns: How many bytes were consumed; fewer than given only if ``isComplete``.
    package mutating func feed(_ input: UnsafeRawBufferPointer) -> Int {
        if isComplete { reset() }
        var position = 0
        // What of the input belongs to the picture is copied in one piece.
        var start = 0
        while position < input.count {
            let byte = input[position]
            switch state {
            case .gap(let afterFF):
                if afterFF, byte == Marker.startOfImage {
                    beginPicture()
                    start = position + 1
                } else {
                    countGarbage(byte)
                    state = .gap(afterFF: byte == 0xFF)
                }
                position += 1
                if gapIsCounted, case .gap(false) = state {
                    position = Self.firstFF(in: input, from: position)
                }
            case .marker:
                position += 1
                if byte == 0xFF { state = .markerCode } else { drop() }
            case .markerCode:
                position += 1
                take(markerCode: byte, at: position, start: &start)
            case .lengthHigh(let marker):
                position += 1
                state = .lengthLow(marker: marker, high: byte)
            case .lengthLow(let marker, let high):
                position += 1
                let length = Int(high) << 8 | Int(byte)
                if length < 2 { drop() } else { state = .segment(marker: marker, remaining: length - 2) }
                if length == 2 { endSegment(marker) }
            case .segment(let marker, let remaining):
                let count = min(remaining, input.count - position)
                position += count
                state = .segment(marker: marker, remaining: remaining - count)
                if remaining == count { endSegment(marker) }
            case .scan:
                position = Self.firstFF(in: input, from: position)
                if position < input.count {
                    position += 1
                    state = .scanMarker
                }
            case .scanMarker:
                position += 1
                if byte == 0 || Marker.restarts.contains(byte) {
                    state = .scan
                } else {
                    take(markerCode: byte, at: position, start: &start)
                    if case .markerCode = state { state = .scanMarker }
                }
            case .complete:
                append(input, from: start, to: position)
                return position
            }
        }
        append(input, from: start, to: position)
        return position
    }

    /// Swaps the complete picture with `other`, whose storage is used for the next one.
    package mutating func take(into other: inout [UInt8]) {
        swap(&picture, &other)
        reset()
    }

    /// The stream is over: a picture that is not complete is counted as corrupt, and the next stream starts anew.
    package mutating func finish() {
        switch state {
        case .gap, .complete: break
        default: corrupt += 1
        }
        reset()
    }

    private mutating func reset() {
        picture.removeAll(keepingCapacity: true)
        state = .gap(afterFF: false)
        gapIsCounted = false
    }

    private mutating func beginPicture() {
        picture.removeAll(keepingCapacity: true)
        picture.append(0xFF)
        picture.append(Marker.startOfImage)
        hasScan = false
        gapIsCounted = false
        state = .marker
    }

    /// Gives the picture up and looks for the next one.
    private mutating func drop() {
        corrupt += 1
        gapIsCounted = true
        picture.removeAll(keepingCapacity: true)
        state = .gap(afterFF: false)
    }

    private mutating func take(markerCode code: UInt8, at next: Int, start: inout Int) {
        switch code {
        case 0xFF:
            state = .markerCode
        case Marker.endOfImage where hasScan:
            state = .complete
        case Marker.startOfImage:
            // The picture before broke off.
            corrupt += 1
            beginPicture()
            start = next
        case Marker.temporary:
            state = .marker
        case _ where Marker.hasSegment(code):
            state = .lengthHigh(marker: code)
        default:
            drop()
        }
    }

    private mutating func endSegment(_ marker: UInt8) {
        if marker == Marker.startOfScan {
            hasScan = true
            state = .scan
        } else {
            // After a scan the next segment's marker follows; other bytes there are not a scan's.
            state = .marker
        }
    }

    private mutating func countGarbage(_ byte: UInt8) {
        guard !gapIsCounted else { return }
        switch byte {
        case 0x00, 0xFF, 0x09, 0x0A, 0x0D, 0x20...0x7E: break
        default:
            corrupt += 1
            gapIsCounted = true
        }
    }

    private mutating func append(_ input: UnsafeRawBufferPointer, from start: Int, to end: Int) {
        if case .gap = state { return }
        guard picture.count + (end - start) <= limit else {
            drop()
            picture = []
            return
        }
        picture.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[start..<end]))
    }

    private static func firstFF(in input: UnsafeRawBufferPointer, from position: Int) -> Int {
        guard position < input.count, let base = input.baseAddress else { return input.count }
        guard let found = memchr(base + position, 0xFF, input.count - position) else { return input.count }
        return UnsafeRawPointer(found) - base
    }
}
