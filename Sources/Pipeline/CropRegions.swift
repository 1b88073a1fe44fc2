import Configuration
import Imaging

/// Whose each crop of a look is, in the words that the journal keeps as its view: `full` and `center` of the whole
/// picture, or `regions: doorstep doorstep gate`, a word for each crop.
package struct CropRegions: Sendable, Hashable {
    /// The region of each crop, in their order; empty where the view has no regions.
    package var names: [String]

    package init(_ names: [String]) {
        self.names = names
    }

    /// Reads what ``view`` says.
    package init(view: String) {
        guard view.hasPrefix(Self.prefix) else {
            names = []
            return
        }
        names = view.dropFirst(Self.prefix.count).split(separator: " ").map(String.init)
    }

    /// The region of a crop, by its number; nil without regions.
    package func name(ofCrop crop: Int) -> String? {
        names.indices.contains(crop) ? names[crop] : nil
    }

    /// What the journal keeps; nil without regions.
    package var view: String? {
        names.isEmpty ? nil : Self.prefix + names.joined(separator: " ")
    }

    private static let prefix = "regions: "
}

extension ViewSetting {
    /// What is cut out of frames; nil for all of them.
    var regions: [Region]? {
        guard case .regions(let regions) = self else { return nil }
        return regions.map {
            Region(name: $0.name, left: $0.left, top: $0.top, width: $0.width, height: $0.height)
        }
    }
}
