set local role parley_owner;

drop trigger if exists tell_of_consents on consents;
drop trigger if exists tell_of_meetings on meetings;
drop trigger if exists tell_of_ended_calls on calls;
drop trigger if exists tell_of_new_calls on calls;
drop trigger if exists tell_of_changed_leads on leads;
drop trigger if exists tell_of_new_leads on leads;
drop table if exists webhook_deliveries, webhook_events, webhook_endpoints;
drop function if exists app.tell_of_consents(), app.tell_of_meetings(), app.tell_of_ended_calls(),
    app.tell_of_new_calls(), app.tell_of_changed_leads(), app.tell_of_new_leads(), app.told(public.calls),
    app.told(public.leads), app.send_deliveries(), app.address_events(), app.is_awaited(text);
