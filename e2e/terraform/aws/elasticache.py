"""The clusters that a replication group consists of; moto names them, and never ends deleting them."""

import inspect

from moto.core.responses import EmptyResult
from moto.elasticache.models import CacheCluster, ElastiCacheBackend as Backend
from moto.elasticache.responses import ElastiCacheResponse as Response

original_create, original_delete = Backend.create_replication_group, Backend.delete_replication_group


def member(backend: Backend, group, name: str) -> CacheCluster:
    """One cluster of the group, configured as the group is."""
    known = {**vars(group), "account_id": backend.account_id, "region_name": backend.region_name, "cache_cluster_id": name}
    known.update(num_cache_nodes=1, tags=[], log_delivery_configurations=[])
    cluster = CacheCluster(**{parameter: known.get(parameter) for parameter in list(inspect.signature(CacheCluster).parameters)})
    cluster.num_cache_nodes, cluster.replication_group_id = 1, group.replication_group_id
    cluster.security_groups = [{"security_group_id": one, "status": "active"} for one in group.security_group_ids or []]
    cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    return cluster


def create_replication_group(self, *args, **kwargs):
    group = original_create(self, *args, **kwargs)
    for name in group.member_clusters:
        self.cache_clusters[name] = member(self, group, name)
    return group


def delete_replication_group(self, *args, **kwargs):
    group = original_delete(self, *args, **kwargs)
    for name in list(self.cache_clusters):
        if getattr(self.cache_clusters[name], "replication_group_id", None) == group.replication_group_id:
            del self.cache_clusters[name]
    del self.replication_groups[group.replication_group_id]
    return group


def delete_cache_subnet_group(self):
    self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"), None)
    return EmptyResult()


def extend() -> None:
    Response.delete_cache_subnet_group = delete_cache_subnet_group
    Backend.create_replication_group = create_replication_group
    Backend.delete_replication_group = delete_replication_group
