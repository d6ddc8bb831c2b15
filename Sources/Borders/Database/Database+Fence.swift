extension Database {
    /// Makes sure that the login role cannot step over the tenant fence. The gateway calls it before taking calls.
    ///
    /// - Throws: ``DatabaseError/unsafeRole(role:reason:)`` for a superuser, a role with BYPASSRLS, one that owns
    ///   tables, or one that may become any of these or read backups; whatever else keeps the question from being answered.
    package func verifyRole() async throws {
        try await unscoped { transaction in try Database.verifyRole(in: transaction) }
    }

    package static func verifyRole(in transaction: borrowing Transaction) throws(DatabaseError) {
        let findings = try transaction.query(
            """
            select current_user as role, r.rolsuper, r.rolbypassrls,
                exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('public', 'app') and c.relkind in ('r', 'p')
                        and pg_has_role(current_user, c.relowner, 'member')) as owns_tables,
                exists (select from pg_roles b where b.rolname = 'parley_backup'
                    and pg_has_role(current_user, b.oid, 'member')) as reads_backups,
                exists (select from pg_roles b where (b.rolbypassrls or b.rolsuper)
                    and pg_has_role(current_user, b.oid, 'member')) as may_bypass
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
            } else if try row.bool("may_bypass") {
                "it may become a role that row-level security does not bind."
            } else if try row.bool("reads_backups") {
                "it is a member of parley_backup, which reads the rows of all tenants."
            } else {
                nil
            }
        if let reason { throw .unsafeRole(role: try row.text("role"), reason: reason) }
    }

    /// Every way in which the schema falls short of the tenant fence: a sentence each, none when all is well.
    ///
    /// Each table of `public` has `tenant_id not null`, forced row-level security, and as its only policy for everybody
    /// the one that compares `tenant_id`; each view runs with the rights of who asks; nothing else holds rows for whoever
    /// may read it, and our login cannot empty a table past its policy. What an extension brought is left out.
    package func fenceGaps() async throws -> [String] {
        try await unscoped(timeoutMs: 10_000) { transaction in
            // Names are printed with their schema then, whatever the login's own search path is.
            _ = try transaction.query("select set_config('search_path', '', true)")
            return try transaction.query(Database.gaps).map { row in try row.text("gap") }
        }
    }

    /// Makes sure that tenants are kept apart: by the role, and by the schema.
    ///
    /// - Throws: what ``verifyRole()`` does; ``DatabaseError/fenceOpen(gaps:)``.
    package func verifyFence() async throws {
        try await verifyRole()
        let gaps = try await fenceGaps()
        if !gaps.isEmpty { throw DatabaseError.fenceOpen(gaps: gaps) }
    }

    private static let gaps = """
        with relations as (
            select c.oid, c.relname, c.relkind, c.reloptions, c.relrowsecurity, c.relforcerowsecurity
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and not exists (select from pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        ), tables as (select * from relations where relkind in ('r', 'p'))
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
                and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = ( SELECT app.tenant_id() AS tenant_id))'
                and pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant_id = ( SELECT app.tenant_id() AS tenant_id))')
        union all
        select relname || ': policy ' || p.polname || ' opens it to others than its owner'
        from tables t join pg_policy p on p.polrelid = t.oid
        where p.polname <> 'tenant_isolation' and p.polpermissive
            and p.polroles <> array(select oid from pg_roles where rolname = 'parley_owner')
            and (p.polname <> 'backup' or p.polcmd <> 'r'
                or p.polroles <> array(select oid from pg_roles where rolname = 'parley_backup'))
        union all
        select relname || ': view without security_invoker' from relations
        where relkind = 'v' and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false)
        union all
        select relname || ': a materialized view, which no policy binds' from relations where relkind = 'm'
        union all
        select relname || ': a foreign table, which no policy binds' from relations where relkind = 'f'
        union all
        select relname || ': our login may truncate it' from tables t
        where not (select rolsuper from pg_roles where rolname = current_user)
            and has_table_privilege(t.oid, 'truncate')
        union all
        select 'app.tenant_id(): gives a tenant where none is set' where app.tenant_id() is not null
        order by gap
        """
}
