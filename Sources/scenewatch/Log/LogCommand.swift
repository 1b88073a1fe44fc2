import ArgumentParser
import Configuration
import Foundation
import Journal
import Showing

/// `scenewatch log`: what did the cameras see?
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Tell what the cameras saw, in words and spans of time.",
        discussion: """
            The labels that `describe` in the configuration gives to looks are folded into spans, with events among them, \
            and with the times at which nothing could be seen. It reads the journal, with the daemon running or not. Times \
            are local ones, like 2026-11-23T08:14, or how long ago: 90m, 7d.
            """
    )

    @Option(help: "From when on.")
    var since = "1h"

    @Option(help: "Until when.")
    var until: String?

    @Option(help: "A camera; may be given again.")
    var camera: [String] = []

    @Option(help: "The configuration file.")
    var config = "/etc/scenewatch/scenewatch.yaml"

    @Option(help: "The journal, instead of the configuration's.")
    var journal: String?

    @Flag(help: "Print JSON, one span, event or gap a line.")
    var json = false

    @Flag(help: "Print a web page.")
    var html = false

    func validate() throws {
        if json, html { throw ValidationError("give --json or --html, not both") }
        let (since, until) = try times(now: Date())
        guard since < until else { throw ValidationError("--since is not before --until") }
    }

    func run() throws {
        let now = Date()
        let (since, until) = try times(now: now)
        let path = try journal ?? loadSettings(config).journal.path
        let reader = try found { () throws(JournalError) in try JournalReader(path: path) }
        defer { reader.close() }
        let known = try found { () throws(JournalError) in try reader.cameraNames() }
        for name in camera where !known.contains(name) {
            say("the journal knows no camera “\(name)”; it knows \(known.joined(separator: ", "))")
            throw ExitCode.failure
        }
        let cameras = camera.isEmpty ? known : known.filter(camera.contains)
        let diary = try found { () throws(JournalError) in
            try Diary(reader, cameras: cameras, since: since, until: until, now: now)
        }
        if diary.looks > 0, diary.described == 0 {
            say("no look has labels; `describe: {}` in the configuration gives them to looks to come")
        }
        if json {
            for line in diary.lines { try emit(scenewatch.json(line, pretty: false)) }
        } else if html {
            try emit(DiaryPage(diary.entries).text)
        } else {
            let rows = DiaryRow.rows(of: diary.entries)
            let columns = isatty(STDOUT_FILENO) != 0 ? Terminal.size(of: STDOUT_FILENO)?.columns : nil
            try emit(rows.isEmpty ? "nothing" : DiaryText(rows).text(of: rows, columns: columns))
        }
    }

    private func times(now: Date) throws -> (since: Date, until: Date) {
        // Looks of recordings that are played fast lie in the future.
        (try moment(parsing: since, now: now), try until.map { try moment(parsing: $0, now: now) } ?? .distantFuture)
    }
}
