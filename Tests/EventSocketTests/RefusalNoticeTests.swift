import EventSocket
import NIOCore
import Testing

@Suite struct RefusalNoticeTests {
    @Test func theFirstIsSaidAtOnceAndTheOthersTogether() {
        let start = NIODeadline.now()
        var notice = RefusalNotice()
        #expect(notice.count(at: start) == 1)
        for second in 0..<10 {
            #expect(notice.count(at: start + .seconds(Int64(second))) == nil)
        }
        #expect(notice.count(at: start + .seconds(10)) == 11)
        #expect(notice.count(at: start + .seconds(19)) == nil)
        #expect(notice.count(at: start + .seconds(100)) == 2)
        #expect(notice.count(at: start + .seconds(110)) == 1)
    }
}
