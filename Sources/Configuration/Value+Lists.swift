/// Text with its place in the file.
struct Placed {
    var text: String
    var place: Place
}

extension Value.Entry {
    /// The items of a list; throws when the value is none.
    func items() throws(Faults) -> [Value] {
        guard case .list(let items) = value.content else { throw mustBe("a list") }
        return items
    }

    /// One phrase or a list of them, each not blank.
    func phrases() throws(Faults) -> [Placed] {
        if case .text = value.content { return [Placed(text: try phrase(), place: value.place)] }
        guard case .list = value.content else { throw mustBe("text or a list of texts") }
        return try texts { item, name throws(Faults) in try item.phrase(of: name) }
    }

    /// A list of texts, each read by `read`.
    func texts(_ read: (Value, String) throws(Faults) -> String) throws(Faults) -> [Placed] {
        var placed: [Placed] = []
        var faults: [Fault] = []
        let name = "an item of \(quoted(key))"
        for item in try items() {
            do {
                placed.append(Placed(text: try read(item, name), place: item.place))
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw Faults(faults) }
        return placed
    }

    /// A program, resolved against the folder where it is given with a `/`, and its arguments.
    func command(in folder: String) throws(Faults) -> [String] {
        guard case .list = value.content else {
            throw mustBe("a list of a program and its arguments; there is no shell")
        }
        var arguments = try texts { item, name throws(Faults) in
            if case .nothing = item.content {
                throw Faults("\(name) has no value; put it between quotes if it is meant as text", at: item.place)
            }
            return try item.text(of: name)
        }.map(\.text)
        guard let program = arguments.first else { throw Faults("\(quoted(key)) is empty", at: value.place) }
        guard !program.isEmpty else { throw Faults("the program of \(quoted(key)) is empty", at: value.place) }
        guard !program.hasPrefix("~/") else {
            throw Faults("\(quoted(key)): `~` is not expanded; write the folder out", at: value.place)
        }
        if program.contains("/") { arguments[0] = resolve(program, in: folder) }
        return arguments
    }
}
