import Glibc

extension Value.Entry {
    /// A list of users of this machine, by their names or ids; may be empty.
    func users() throws(Faults) -> Set<UInt32> {
        let texts = try texts { item, name throws(Faults) in try item.text(of: name) }
        var users: Set<UInt32> = []
        var faults: [Fault] = []
        for text in texts {
            do throws(InvalidValue) {
                guard users.insert(try User.identifier(of: text.text)).inserted else {
                    throw InvalidValue("\(quoted(text.text)) is twice in \(quoted(key))")
                }
            } catch {
                faults.append(Fault(place: text.place, message: error.message))
            }
        }
        guard faults.isEmpty else { throw Faults(faults) }
        return users
    }
}

/// What the machine knows of its users.
private enum User {
    /// The id of a user. Digits are an id, whether or not somebody has it.
    static func identifier(of text: String) throws(InvalidValue) -> UInt32 {
        if text.isDigits {
            // The last one stands for no user (chown(2)).
            guard let identifier = UInt32(text), identifier != .max else {
                throw InvalidValue("\(quoted(text)) is no user's id, which is from 0 to \(UInt32.max - 1)")
            }
            return identifier
        }
        guard let identifier = look(up: text) else {
            throw InvalidValue("there is no user \(quoted(text)) on this machine")
        }
        return identifier
    }

    /// Asks the name service (passwd, LDAP and what else there is).
    private static func look(up name: String) -> UInt32? {
        guard !name.isEmpty else { return nil }
        var size = 1024
        while size <= 1 << 20 {
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            var texts = [CChar](repeating: 0, count: size)
            let status = getpwnam_r(name, &entry, &texts, texts.count, &found)
            if status == 0 { return found == nil ? nil : entry.pw_uid }
            guard status == ERANGE else { return nil }
            size *= 4
        }
        return nil
    }
}
