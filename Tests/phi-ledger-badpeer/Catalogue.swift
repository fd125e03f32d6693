/// All hostile behaviors, in the order of their numbers.
enum Catalogue {
    /// The highest number.
    static let limit = 40

    /// The behaviors that are here.
    static let behaviors: [any Behavior.Type] = [
        GarbageBeforeHello.self, WrongChain.self, OversizeLength.self, TruncatedMessage.self,
        SlowBytes.self, NeverReads.self, HelloTwice.self, PingFlood.self, UnknownMessages.self,
        AddressFlood.self, AddressPoisoning.self, InventoryFlood.self, NeverDelivered.self,
        UnaskedEntries.self, ManySignatures.self, ManyStamps.self, InvalidSignature.self,
        SmallOrderKey.self, NonCanonical.self, StampBelowFloor.self, OrphanChains.self,
        Equivocation.self, BadProofOfWork.self, NonContinuousHeaders.self, LowWorkChain.self,
        WrongBits.self, WrongCommitments.self, FutureTime.self, ParentTime.self,
        SecondPassSwitch.self, Stall.self, SlowBodies.self, MutatedBody.self, BodyBytesLie.self,
        InvalidRule.self, CollidingShortIDs.self, RefusedBlockEntries.self, AlternatingTips.self,
        WithheldBlocks.self, Eclipse.self,
    ]
}
