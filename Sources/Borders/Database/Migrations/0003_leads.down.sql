drop table if exists lead_scoring_criteria, lead_scores, leads, pipeline_stages;
