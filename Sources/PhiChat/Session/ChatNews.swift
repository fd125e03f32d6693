import PhiAPI
import PhiClient
import PhiCrypto
import PhiLedger

/// What a look at the node brought.
struct ChatNews: Sendable {
    /// Entries in their order, those in no block last.
    var entries: [ReadEntry] = []
    /// Where entries stand that are no longer where they were.
    var statuses: [EntryStatusDocument] = []
    /// The height of the chain.
    var tip = Height.genesis
    /// The lowest height among the recorded entries above, and the step of that entry.
    var oldest: (height: Height, step: DeliveryStep)?
    /// Whether there are older entries than these.
    var hasMore = false
    /// Whether the meeting takes messages still.
    var isOpen = true
    /// Entries that the node gave and that are wrong.
    var wrongCount = 0
}

/// What happens while the chat runs.
enum ChatEvent: Sendable {
    /// A person or the system did something.
    case terminal(TerminalEvent)
    /// Nothing came from the terminal for a moment.
    case paused
    /// The node was looked at.
    case news(ChatNews)
    /// Whether the node answers.
    case connection(String)
    /// A stamp is being made, or something else is waited for; nil when it is over.
    case progress(String?)
    /// A message that was written here was signed.
    case signed(draft: UInt64, Digest)
    /// A node has an entry.
    case delivered(EntryStatusDocument)
    /// A message was not taken.
    case refused(ChatItem.Name, reason: String)
    /// Something to read.
    case note(String, isFailure: Bool)
    /// Lines to read at leisure, such as a list.
    case page([String])
}
