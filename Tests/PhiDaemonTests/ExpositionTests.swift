import CoreMetrics
import PhiDaemon
import Testing

@Suite("The metrics' text") struct ExpositionTests {
    @Test("counts, stands and adds up, in the order of the names")
    func kinds() {
        let exposition = Exposition()
        let counter = exposition.makeCounter(label: "b_total", dimensions: [])
        counter.increment(by: 2)
        counter.increment(by: 3)
        let gauge = exposition.makeRecorder(label: "a", dimensions: [], aggregate: false)
        gauge.record(Int64(7))
        gauge.record(Int64(4))
        let timer = exposition.makeTimer(label: "c_seconds", dimensions: [])
        timer.recordNanoseconds(500_000_000)
        timer.recordNanoseconds(1_500_000_000)
        #expect(
            exposition.text == """
                # TYPE a gauge
                a 4.0
                # TYPE b_total counter
                b_total 5
                # TYPE c_seconds summary
                c_seconds_sum 2.0
                c_seconds_count 2

                """
        )
    }

    @Test("gives one series for one name and labels, and escapes the labels")
    func labels() {
        let exposition = Exposition()
        for value in ["x", "x", "a\"b\\c\nd"] {
            exposition.makeCounter(label: "n", dimensions: [("why", value)]).increment(by: 1)
        }
        #expect(exposition.text.contains("n{why=\"x\"} 2\n"))
        #expect(exposition.text.contains(#"n{why="a\"b\\c\nd"} 1"#))
        #expect(exposition.text.split(separator: "\n").count == 3)
    }

    @Test("replaces what no name may have")
    func names() {
        let exposition = Exposition()
        exposition.makeCounter(label: "http.server-requests", dimensions: []).increment(by: 1)
        #expect(exposition.text.contains("http_server_requests 1"))
    }
}
