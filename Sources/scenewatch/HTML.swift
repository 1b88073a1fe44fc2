import ArgumentParser
import Foundation

/// A web page that needs nothing else: its style and pictures are in it. It is HTML that is XML, too, without scripts, and
/// light or dark as its reader's screen is.
func page(_ title: String, style: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>\(title.escaped)</title>
    <style>\(style)</style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
}

/// A JPEG file as a picture in a page.
func image(_ jpeg: Data, alt: String = "") -> String {
    #"<img alt="\#(alt.escaped)" src="data:image/jpeg;base64,\#(jpeg.base64EncodedString())"/>"#
}

extension String {
    /// As text or an attribute's value in a page. What XML has no way to write, such as most control characters, is
    /// replaced.
    var escaped: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// A coordinate of a drawing.
func short(_ value: Double) -> String {
    String(format: "%.1f", value)
}

/// Writes a page to a file; in words, with exit status 1, where that does not work.
func write(page: String, to path: String) throws {
    do {
        try Data(page.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
        say("the page cannot be written to \(path): \(error.localizedDescription)")
        throw ExitCode.failure
    }
}
