/// A pixel format that a device offers, with the sizes and rates that it says it has.
///
/// Drivers are not held to what they say here: VIDIOC_S_FMT and VIDIOC_S_PARM have the last word.
package struct OfferedFormat: Equatable, Sendable {
    /// Frames per second.
    package enum Rates: Equatable, Sendable {
        /// The driver does not say, or there are none to choose from.
        case unknown
        /// Highest first.
        case discrete([Double])
        case range(ClosedRange<Double>)
    }

    /// Sizes in pixels.
    package enum Sizes: Equatable, Sendable {
        /// The driver does not say.
        case unknown
        /// In the driver's order.
        case discrete([Size])
        /// `rates` are those of the largest size, which are the lowest as a rule.
        case stepwise(width: Steps, height: Steps, rates: Rates)
    }

    package struct Size: Equatable, Sendable {
        package var width: Int
        package var height: Int
        package var rates: Rates

        package init(_ width: Int, _ height: Int, _ rates: Rates = .unknown) {
            self.width = width
            self.height = height
            self.rates = rates
        }
    }

    /// Every `step` from `least` to `most`.
    package struct Steps: Equatable, Sendable {
        package var least: Int
        package var most: Int
        package var step: Int

        /// - Returns: nil when there is nothing between the limits, or they are beyond 65536. A step of 0, which some
        ///   drivers give, counts as 1.
        package init?(least: Int, most: Int, step: Int) {
            guard (1...65536).contains(least), (least...65536).contains(most), step >= 0 else { return nil }
            self.least = least
            self.most = most
            self.step = max(step, 1)
        }

        /// The step that is nearest to a value and not below it; the last one for what is above that.
        func nearest(to value: Int) -> Int {
            let last = (most - least) / step
            guard value > least else { return least }
            guard value < most else { return least + last * step }
            return least + min((value - least + step - 1) / step, last) * step
        }

        func contains(_ value: Int) -> Bool { (least...most).contains(value) && (value - least) % step == 0 }
    }

    package var pixelFormat: PixelFormat
    /// The driver's words for it.
    package var description: String
    package var sizes: Sizes

    package init(_ pixelFormat: PixelFormat, description: String = "", sizes: Sizes = .unknown) {
        self.pixelFormat = pixelFormat
        self.description = description
        self.sizes = sizes
    }

    /// The size nearest to one that is asked for: the smallest that is at least as large, else the one that differs
    /// least.
    ///
    /// - Returns: nil when the driver does not say which sizes there are.
    package func nearestSize(to width: Int, _ height: Int) -> (width: Int, height: Int)? {
        switch sizes {
        case .unknown:
            return nil
        case .stepwise(let widths, let heights, _):
            return (widths.nearest(to: width), heights.nearest(to: height))
        case .discrete(let sizes):
            let large = sizes.filter { $0.width >= width && $0.height >= height }
            let best =
                large.min { $0.width * $0.height < $1.width * $1.height }
                ?? sizes.min { $0.difference(to: width, height) < $1.difference(to: width, height) }
            return best.map { ($0.width, $0.height) }
        }
    }

    /// The rates at a size; unknown for one that is not offered.
    package func rates(at width: Int, _ height: Int) -> Rates {
        switch sizes {
        case .unknown: .unknown
        case .discrete(let sizes): sizes.first { $0.width == width && $0.height == height }?.rates ?? .unknown
        case .stepwise(let widths, let heights, let rates):
            widths.contains(width) && heights.contains(height) ? rates : .unknown
        }
    }

    /// The highest rate at a size; nil when the driver does not say.
    package func highestRate(at width: Int, _ height: Int) -> Double? {
        rates(at: width, height).highest
    }

    /// The lowest rate at a size that gives all that is asked for. One that is less than 2 % below does: who asks for 30
    /// means 29.97 too.
    ///
    /// - Returns: nil when none is high enough, or the driver does not say.
    package func lowestRate(notBelow rate: Double, at width: Int, _ height: Int) -> Double? {
        rates(at: width, height).lowest(notBelow: rate)
    }
}

extension OfferedFormat.Rates {
    package var highest: Double? {
        switch self {
        case .unknown: nil
        case .discrete(let rates): rates.max()
        case .range(let range): range.upperBound
        }
    }

    package func lowest(notBelow rate: Double) -> Double? {
        let enough = rate * 0.98
        switch self {
        case .unknown: return nil
        case .discrete(let rates): return rates.filter { $0 > enough }.min()
        case .range(let range):
            return range.upperBound > enough ? min(max(rate, range.lowerBound), range.upperBound) : nil
        }
    }
}

extension OfferedFormat.Size {
    fileprivate func difference(to width: Int, _ height: Int) -> Double {
        let (across, down) = (Double(self.width) - Double(width), Double(self.height) - Double(height))
        return across * across + down * down
    }
}
