import EventSocket
import Foundation

/// What a search found as a web page that needs nothing else: pictures are in it.
struct SearchPage {
    private let report: SearchReport
    private let pictures: [Data?]

    /// - Parameter pictures: a JPEG file of each moment, where there is one.
    init(_ report: SearchReport, pictures: [Data?]) {
        self.report = report
        self.pictures = pictures
    }

    var text: String {
        let moments = zip(report.moments, pictures).map(figure).joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(report.search))</title>
            <style>
            :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
            body { margin: 1.5rem; }
            main { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
            figure { margin: 0; }
            img, .none { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: 4px; background: #8884; }
            .none { display: grid; place-items: center; opacity: 0.6; }
            </style>
            </head>
            <body>
            <h1>\(Self.escaped(report.search))</h1>
            <main>
            \(moments)
            </main>
            </body>
            </html>
            """
    }

    private func figure(_ moment: SearchReport.Moment, _ picture: Data?) -> String {
        let image =
            picture.map { #"<img alt="" src="data:image/jpeg;base64,\#($0.base64EncodedString())">"# }
            ?? #"<div class="none">no picture</div>"#
        let length = moment.length.map { ", \($0) s" } ?? ""
        let when = WireTime.text(moment.at)
        let words = "\(Self.escaped(moment.camera))\(length), \(String(format: "%.3f", moment.similarity))"
        return """
            <figure>\(image)<figcaption><time datetime="\(when)">\(when)</time><br>\(words), \
            look \(moment.look)</figcaption></figure>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
