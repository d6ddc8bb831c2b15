extension GuestInvitation {
    /// Consults with specialists, in the calls whose profile has them.
    package static func consults(_ services: ConsultServices) -> GuestInvitation {
        GuestInvitation(
            seat: { call, carried in ConsultDesk(call, services, carrying: carried as? ConsultDesk.Carried) },
            warmUp: { services.warmUp(for: $0) })
    }
}
