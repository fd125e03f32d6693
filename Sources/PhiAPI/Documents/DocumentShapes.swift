/// The shapes of the documents that several methods answer with, by their names.
public enum DocumentShapes {
    /// Each shape by its name, in the order of the description.
    public static let all: [(name: String, shape: ValueShape)] = [
        ("NodeInfo", NodeInfo.shape),
        ("Health", NodeHealth.shape),
        ("Peer", PeerDocument.shape),
        ("MempoolInfo", MempoolInfo.shape),
        ("Tip", TipDocument.shape),
        ("Header", HeaderDocument.shape),
        ("Block", BlockDocument.shape),
        ("Entry", EntryDocument.shape),
        ("EntryContent", EntryContentDocument.shape),
        ("EntryProof", EntryProofDocument.shape),
        ("EntryStatus", EntryStatusDocument.shape),
        ("Submitted", SubmitDocument.shape),
        ("Receipt", ReceiptDocument.shape),
        ("StampQuote", StampQuote.shape),
        ("AuthorHead", AuthorHeadDocument.shape),
        ("History", HistoryPage.shape),
        ("Meeting", MeetingDocument.shape),
        ("Member", MemberDocument.shape),
        ("Minutes", MinutesDocument.shape),
        ("Event", LedgerEventDocument.shape),
    ]
}
