import Pipeline
import Testing

@Suite("Service manager")
struct ServiceNotifierTests {
    @Test("the watchdog is fed twice in its time, and only when it is ours")
    func interval() {
        let interval = { (environment: [String: String]) in
            ServiceNotifier(environment: environment, processID: 42).watchdogInterval
        }
        #expect(interval([:]) == nil)
        #expect(interval(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
    }

    @Test("nonsense is no watchdog", arguments: ["", "0", "-5", "soon", "99999999999999999999"])
    func nonsense(text: String) {
        #expect(ServiceNotifier(environment: ["WATCHDOG_USEC": text], processID: 1).watchdogInterval == nil)
    }

    @Test("a socket that is not there, or whose path is too long, is no reason to fail")
    func noSocket() {
        for path in ["", "/nowhere/notify", "@", String(repeating: "x", count: 500)] {
            let manager = ServiceNotifier(environment: ["NOTIFY_SOCKET": path], processID: 1)
            manager.ready("ready")
            manager.pet("alive")
            manager.stopping()
        }
    }
}
