extension Database {
    /// Makes sure that the login role cannot step over the tenant fence. The gateway calls it before taking calls.
    ///
    /// - Throws: ``DatabaseError/unsafeRole(role:reason:)`` for a superuser, a role with BYPASSRLS, or one that owns
    ///   tables or may become their owner; whatever else keeps the question from being answered.
    package func verifyRole() async throws {
        try await unscoped { transaction in try Database.verifyRole(in: transaction) }
    }

    package static func verifyRole(in transaction: borrowing Transaction) throws(DatabaseError) {
        let findings = try transaction.query(
            """
            select current_user as role, r.rolsuper, r.rolbypassrls,
                exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('public', 'app') and c.relkind in ('r', 'p')
                        and pg_has_role(current_user, c.relowner, 'member')) as owns_tables
            from pg_roles r where r.rolname = current_user
            """)
        guard let row = findings.first else { throw .unexpectedValue(column: "role", expected: "text") }
        let reason: String? =
            if try row.bool("rolsuper") {
                "it is a superuser, whom row-level security does not bind."
            } else if try row.bool("rolbypassrls") {
                "it has BYPASSRLS, so row-level security does not bind it."
            } else if try row.bool("owns_tables") {
                "it owns tables, or may become their owner."
            } else {
                nil
            }
        if let reason { throw .unsafeRole(role: try row.text("role"), reason: reason) }
    }

    /// Every way in which the schema falls short of the tenant fence: a sentence each, none when all is well.
    ///
    /// Each table of `public` has `tenant_id not null`, forced row-level security, and as its only policies for
    /// everybody the one that compares `tenant_id`; each view runs with the rights of who asks.
    package func fenceGaps() async throws -> [String] {
        try await unscoped { transaction in
            try transaction.query(
                """
                with tables as (
                    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = 'public' and c.relkind in ('r', 'p')
                )
                select relname || ': no column tenant_id not null' as gap from tables t
                where not exists (select from pg_attribute a
                    where a.attrelid = t.oid and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped)
                union all
                select relname || ': row-level security is not enabled' from tables where not relrowsecurity
                union all
                select relname || ': row-level security is not forced' from tables where not relforcerowsecurity
                union all
                select relname || ': no policy tenant_isolation for all verbs and everybody' from tables t
                where not exists (select from pg_policy p
                    where p.polrelid = t.oid and p.polname = 'tenant_isolation' and p.polcmd = '*' and p.polpermissive
                        and p.polroles = '{0}'
                        and pg_get_expr(p.polqual, p.polrelid) ~ '^\\(tenant_id = \\( SELECT app.tenant_id\\(\\)'
                        and pg_get_expr(p.polwithcheck, p.polrelid) ~ '^\\(tenant_id = \\( SELECT app.tenant_id\\(\\)')
                union all
                select relname || ': policy ' || p.polname || ' opens it to others than its owner'
                from tables t join pg_policy p on p.polrelid = t.oid
                where p.polname <> 'tenant_isolation' and p.polpermissive
                    and p.polroles <> array(select oid from pg_roles where rolname = 'parley_owner')
                union all
                select c.relname || ': view without security_invoker' from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'public' and c.relkind = 'v'
                    and not coalesce('security_invoker=true' = any (c.reloptions), false)
                order by gap
                """
            ).map { row in try row.text("gap") }
        }
    }
}
