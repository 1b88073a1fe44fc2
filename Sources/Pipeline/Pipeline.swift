/// Pipeline: connects the rest. Cameras' frames go through the encoder and the matchers into the journal, and what the
/// triggers make of them goes out on the socket.
///
/// One thread per camera (`Capture`), one that looks (`LookLoop`: decode, cut, encode, score), one that writes
/// (`Journal`), and an event loop for the socket. They meet in mailboxes and queues that never make one wait for another.
///
/// No decision is made here that could be made by a pure type below; what is here is order: what starts before what, and
/// what is told to whom.
public enum Pipeline {}
