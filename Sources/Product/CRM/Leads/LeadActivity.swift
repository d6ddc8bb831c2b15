package import Database

/// What happened to a lead: rows of `lead_activities` that machines write.
package enum LeadActivity {
    package static let statement = BulkStatement(
        given: [
            "lead_id": .uuid, "call_id": .uuid, "subject": .text, "description": .text, "created_by": .uuid,
            "metadata": .jsonb, "at": .timestamptz,
        ],
        """
        insert into lead_activities (
            tenant_id, lead_id, call_id, activity_type, subject, description, created_by, is_automated, metadata,
            created_at)
        select (select app.tenant_id()), lead_id, call_id, 'ai_interaction', subject, description, created_by, true,
            metadata, at
        from given
        """)
}
