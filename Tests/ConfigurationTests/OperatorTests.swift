import Configuration
import Testing

@Suite struct OperatorTests {
    @Test func areNamesAndIds() throws {
        #expect(try parse(topYAML("socket: {operators: [root, 1001, \"1002\"]}")).socket.operators == [0, 1001, 1002])
        #expect(try parse(topYAML("socket: {operators: []}")).socket.operators.isEmpty)
        #expect(try parse(topYAML("")).socket.operators.isEmpty)
    }

    @Test(arguments: [
        Wrong.top("socket: {operators: root}", "3:21: `operators` must be a list, not `root`"),
        .top(
            "socket: {operators: [root, nobody-of-that-name, alsó]}",
            "3:28: there is no user `nobody-of-that-name` on this machine",
            "3:49: there is no user `alsó` on this machine"
        ),
        .top("socket: {operators: [root, 0]}", "3:28: `0` is twice in `operators`"),
        .top(
            "socket: {operators: [4294967295]}",
            "3:22: `4294967295` is no user's id, which is from 0 to 4294967294"
        ),
        .top("socket: {operators: ['']}", "3:22: there is no user `` on this machine"),
        .top("socket: {operators: [-1]}", "3:22: there is no user `-1` on this machine"),
        .top("socket: {operators: [[a]]}", "3:22: an item of `operators` must be text, not a list"),
    ])
    func mustBeUsersOfThisMachine(_ wrong: Wrong) { wrong.check() }
}
