import EventSocket
import Foundation
import Pipeline

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
        return page(
            report.search,
            style: Self.style,
            body: """
                <h1>\(report.search.escaped)</h1>
                <main>
                \(moments)
                </main>
                """
        )
    }

    private func figure(_ moment: SearchReport.Moment, _ picture: Data?) -> String {
        let shown = picture.map { image($0) } ?? #"<div class="none">no picture</div>"#
        let length = moment.length.map { ", \($0) s" } ?? ""
        let when = WireTime.text(moment.at)
        let words = "\(moment.camera.escaped)\(length), \(String(format: "%.3f", moment.similarity))"
        return """
            <figure>\(shown)<figcaption><time datetime="\(when)">\(when)</time><br/>\(words), \
            look \(moment.look)</figcaption></figure>
            """
    }

    private static let style = """
        :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
        body { margin: 1.5rem; }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem; }
        figure { margin: 0; }
        img, .none { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; border-radius: 4px; background: #8884; }
        .none { display: grid; place-items: center; opacity: 0.6; }
        """
}
