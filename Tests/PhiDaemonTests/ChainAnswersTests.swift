import PhiChain
import PhiCrypto
import Testing

@testable import PhiDaemon

@Suite("Kept answers") struct ChainAnswersTests {
    private static let one = SHA256.hash([1])
    private static let two = SHA256.hash([2])

    private func question(_ count: Int) -> ChainAnswers.Question {
        .history(HistoryQuery(.meeting(Self.one), count: count), withProof: false)
    }

    @Test("are put together once for each question and tip")
    func once() throws {
        let answers = ChainAnswers()
        var made: [UInt8] = []
        func ask(_ question: ChainAnswers.Question, at tip: Digest, _ answer: UInt8) -> [UInt8] {
            answers.answer(to: question, at: tip) {
                made.append(answer)
                return [answer]
            }
        }
        #expect(ask(.tip, at: Self.one, 1) == [1])
        #expect(ask(.tip, at: Self.one, 2) == [1])
        #expect(ask(question(3), at: Self.one, 3) == [3])
        #expect(ask(question(4), at: Self.one, 4) == [4])
        #expect(ask(question(3), at: Self.one, 5) == [3])
        #expect(ask(.tip, at: Self.two, 6) == [6])
        #expect(ask(question(3), at: Self.two, 7) == [7])
        #expect(ask(.tip, at: Self.one, 8) == [8])
        #expect(made == [1, 3, 4, 6, 7, 8])
    }

    @Test("are told apart by all that is asked")
    func questions() {
        let query = HistoryQuery(.meeting(Self.one))
        var other = query
        other.isBackwards = true
        let all: Set<ChainAnswers.Question> = [
            .tip, .history(query, withProof: false), .history(query, withProof: true),
            .history(other, withProof: false),
        ]
        #expect(all.count == 4)
    }

    @Test("are forgotten before they take more room than they may")
    func limit() {
        let answers = ChainAnswers()
        let size = ChainAnswers.byteLimit / 4 - ChainAnswers.questionByteCount
        var made = 0
        func ask(_ number: Int, _ size: Int) {
            _ = answers.answer(to: question(number), at: Self.one) {
                made += 1
                return [UInt8](repeating: 0, count: size)
            }
        }
        for number in 1...4 { ask(number, size) }
        for number in 1...4 { ask(number, size) }
        #expect(made == 4)
        ask(5, size)
        ask(1, size)
        #expect(made == 6)
        ask(6, size + 1)
        ask(6, size + 1)
        #expect(made == 8)
        ask(1, size)
        #expect(made == 8)
    }

    @Test("are not kept where they could not be put together")
    func failure() throws {
        let answers = ChainAnswers()
        #expect(throws: StoreFailure.malformedRecord(kind: "tip")) {
            try answers.answer(to: .tip, at: Self.one) { () throws(StoreFailure) in
                throw .malformedRecord(kind: "tip")
            }
        }
        #expect(answers.answer(to: .tip, at: Self.one) { [9] } == [9])
    }
}
