/// The descriptions by which looks are journalled in words, in groups.
///
/// Descriptions compete: of each the model says how near a crop is to it, and they share the crop among them. In a group of
/// one (`[weather] one`) they compete with each other alone, and at most one is told. The others are things, several of which
/// may be there: those of all groups compete together, so that what looks like a dog is not told as a cat or a parcel, too.
/// Silent descriptions say what is there when nothing else is, since a model does not understand "no" and "without"; they
/// compete, and are never told.
public struct Vocabulary: Sendable, Equatable {
    /// What one group of descriptions is about.
    public struct Group: Sendable, Equatable {
        /// `weather`.
        public var name: String
        /// Whether at most one of its descriptions is told.
        public var isOne: Bool
        /// What is told where descriptions of the group are seen together but none of them alone.
        public var general: String?
        /// At least one.
        public var descriptions: [Description]

        /// Takes values as they are.
        public init(name: String, isOne: Bool, general: String? = nil, descriptions: [Description]) {
            self.name = name
            self.isOne = isOne
            self.general = general
            self.descriptions = descriptions
        }
    }

    /// One of the descriptions that compete.
    public struct Description: Sendable, Equatable {
        /// What is told; nil of a silent one. Without a comma.
        public var label: String?
        /// What the model hears, in one phrasing or several.
        public var phrasings: [String]

        /// Takes values as they are.
        public init(label: String?, phrasings: [String]) {
            self.label = label
            self.phrasings = phrasings
        }
    }

    /// In the order in which they are told. Their names are different, and so are their labels.
    public var groups: [Group]

    /// Takes values as they are; only reading checks them.
    public init(groups: [Group]) {
        self.groups = groups
    }

    /// All that the model has to hear, each text once.
    public var texts: [String] {
        var known = Set<String>()
        return groups.flatMap(\.descriptions).flatMap(\.phrasings).filter { known.insert($0).inserted }
    }

    /// How many descriptions there are that can be told.
    public var labelCount: Int { groups.reduce(0) { $0 + $1.descriptions.count { $0.label != nil } } }
}

/// Which words looks are journalled in.
public struct DescribeSettings: Sendable, Equatable {
    /// The built-in one where the file names none.
    public var vocabulary: Vocabulary
    /// How many labels of one group a look gets at most, 1…20.
    public var top: Int

    /// Takes values as they are; only the reader checks ranges.
    public init(vocabulary: Vocabulary = .builtin, top: Int = 3) {
        self.vocabulary = vocabulary
        self.top = top
    }
}
