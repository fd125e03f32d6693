import NIOHTTP1
import PhiAPI
import PhiCrypto

/// Who is let in: the checks of Host, Origin and token that come before anything else.
///
/// The Host check stops names that were turned to this machine after a page was loaded (DNS
/// rebinding); the Origin check stops pages of other sites. Browsers send both by themselves.
struct AccessRules: Sendable {
    private let hostNames: Set<String>
    private let usesTLS: Bool
    private let token: [UInt8]?
    private let isPublic: Bool

    init(configuration: RPCConfiguration) {
        hostNames = Set(configuration.hostNames.map { $0.lowercased() })
        usesTLS = configuration.certificate != nil
        token = configuration.token.map { Array($0.utf8) }
        isPublic = configuration.isPublic
    }

    /// Says who asks, or with what to answer instead.
    func judge(_ head: HTTPRequestHead, _ remote: RemoteEnd) -> Result<Caller, HTTPAnswer> {
        let fields = head.headers
        let hosts = fields["host"]
        guard hosts.count == 1, let authority = hosts.first?.lowercased() else {
            return .failure(.refusal(.badRequest, "The field “Host” must be given once."))
        }
        guard isKnown(authority) else {
            let reason =
                "This server does not answer as “\(authority.prefix(80))”. Use its address, or "
                + "let the operator name it."
            return .failure(.refusal(.misdirectedRequest, reason))
        }
        guard isVisit(head) || isSameSite(fields, authority) else {
            let reason = "Pages of other sites may not use this server."
            return .failure(.refusal(.forbidden, reason))
        }
        let isForwarded =
            fields.contains(name: "x-forwarded-for") || fields.contains(name: "forwarded")
        switch authorization(fields) {
        case .some(false):
            return .failure(
                .failure(.notAuthorized("this server with that token"), status: .unauthorized)
            )
        case let shown:
            return .success(
                Caller(
                    address: remote.address,
                    isLoopback: remote.isLoopback && !isForwarded,
                    isAuthorized: shown == true,
                    meter: remote.meter
                )
            )
        }
    }

    /// Tells whether a caller may use what has that authority.
    func admits(_ authority: MethodDeclaration.Authority, _ caller: Caller) -> Bool {
        switch authority {
        case .open: caller.isAuthorized || caller.isLoopback || isPublic
        case .openOnLoopback: caller.isAuthorized || caller.isLoopback
        case .token: caller.isAuthorized
        }
    }

    private func isKnown(_ authority: String) -> Bool {
        let host = HostName.withoutPort(authority)
        return HostName.isLoopback(host) || HostName.isAddress(host) || hostNames.contains(host)
    }

    /// Whether a person follows a link to the page from wherever they are.
    ///
    /// Nothing else may come from another site: the answer cannot be read there or shown in a frame.
    private func isVisit(_ head: HTTPRequestHead) -> Bool {
        head.method == .GET && head.headers.first(name: "sec-fetch-mode") == "navigate"
            && head.headers.first(name: "sec-fetch-dest") == "document"
            && Page.isView(HTTPTarget(head.uri).path)
    }

    private func isSameSite(_ fields: HTTPHeaders, _ authority: String) -> Bool {
        if let site = fields.first(name: "sec-fetch-site") {
            guard site == "same-origin" || site == "none" else { return false }
        }
        let origins = fields["origin"]
        guard let origin = origins.first?.lowercased() else { return true }
        guard origins.count == 1 else { return false }
        return origin == "https://\(authority)" || (!usesTLS && origin == "http://\(authority)")
    }

    /// True for the token, false for a wrong one, nil for none.
    private func authorization(_ fields: HTTPHeaders) -> Bool? {
        let values = fields["authorization"]
        guard let value = values.first else { return nil }
        let scheme = "bearer "
        guard values.count == 1, let token, value.lowercased().hasPrefix(scheme) else {
            return false
        }
        return constantTimeEquals(Array(value.utf8.dropFirst(scheme.utf8.count)), token)
    }
}
