import PhiNode
import Testing

@Suite("The eclipse alarm") struct EclipseAlarmTests {
    private static var calm: EclipseAlarm.Observation {
        var seen = EclipseAlarm.Observation()
        seen.uptime = EclipseAlarm.quietAfterStart
        seen.outbound = 10
        seen.groups = 3
        seen.known = 1
        seen.anchors = 2
        seen.linkedAnchors = 1
        seen.interval = 10_000
        seen.tipAge = 300_029
        seen.tellers = 10
        seen.agreeing = 10
        return seen
    }

    private static func warnings(
        _ change: (inout EclipseAlarm.Observation) -> Void
    ) -> Int {
        var seen = calm
        change(&seen)
        return EclipseAlarm.warnings(seen).count
    }

    @Test("is silent where all is well, on one's own machine and just after the start")
    func calm() {
        #expect(EclipseAlarm.warnings(Self.calm).isEmpty)
        #expect(
            Self.warnings {
                $0.groups = 1
                $0.isLocal = true
            } == 0
        )
        #expect(
            Self.warnings {
                $0.groups = 1
                $0.uptime -= 1
            } == 0
        )
    }

    @Test("warns of peers that are all new")
    func allNew() {
        #expect(
            Self.warnings {
                $0.known = 0
                $0.linkedAnchors = 0
            } == 1
        )
        #expect(Self.warnings { $0.known = 0 } == 0)
        #expect(Self.warnings { $0.linkedAnchors = 0 } == 0)
        #expect(
            Self.warnings {
                $0.known = 0
                $0.linkedAnchors = 0
                $0.anchors = 0
            } == 0
        )
    }

    @Test("warns of peers in fewer than three networks")
    func fewNetworks() {
        #expect(Self.warnings { $0.groups = 2 } == 1)
        #expect(
            Self.warnings {
                $0.groups = 0
                $0.outbound = 0
            } == 0
        )
    }

    @Test("warns of an old tip that all peers have")
    func oldTip() {
        #expect(Self.warnings { $0.tipAge = 300_030 } == 1)
        #expect(Self.warnings { $0.tipAge = 300_029 } == 0)
    }

    @Test("warns where a seed and an anchor disagree")
    func disagreement() {
        #expect(Self.warnings { $0.seedAndAnchorDisagree = true } == 1)
    }
}
